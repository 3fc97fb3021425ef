//! `_random`: the Mersenne Twister (MT19937) with CPython's seeding and way of making floats.

use std::cell::RefCell;

use num_bigint::{BigInt, BigUint};
use num_traits::Signed;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::int;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, n=None, /", seed),
    NativeDef::new("seed", "$self, n=None, /", seed),
    NativeDef::new("random", "$self, /", random),
    NativeDef::new("getrandbits", "$self, k, /", getrandbits),
    NativeDef::new("getstate", "$self, /", getstate),
    NativeDef::new("setstate", "$self, state, /", setstate),
];

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    super::add_type(vm, dict, "Random", Kind::Boxed, type_flag::BASE, METHODS);
}

const WORDS: usize = 624;
const MIDDLE: usize = 397;

/// The generator's state: its words, and the next one to give out.
struct Twister {
    words: [u32; WORDS],
    index: usize,
}

struct State(RefCell<Twister>);

impl Payload for State {
    fn trace(&self, _marker: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Twister {
    fn from_number(seed: u32) -> Self {
        let mut words = [seed; WORDS];
        for i in 1..WORDS {
            let previous = words[i - 1];
            words[i] = 1_812_433_253_u32.wrapping_mul(previous ^ previous >> 30).wrapping_add(i as u32);
        }
        Self { words, index: WORDS }
    }

    /// Seeded by a key of any length, which is not empty.
    fn from_key(key: &[u32]) -> Self {
        let mut twister = Self::from_number(19_650_218);
        let words = &mut twister.words;
        let mut i = 1;
        let step = |words: &mut [u32; WORDS], i: &mut usize| {
            *i += 1;
            if *i == WORDS {
                words[0] = words[WORDS - 1];
                *i = 1;
            }
        };
        let mix = |words: &[u32; WORDS], i: usize, factor: u32| {
            words[i] ^ (words[i - 1] ^ words[i - 1] >> 30).wrapping_mul(factor)
        };
        for j in (0..key.len()).cycle().take(WORDS.max(key.len())) {
            words[i] = mix(words, i, 1_664_525).wrapping_add(key[j]).wrapping_add(j as u32);
            step(words, &mut i);
        }
        for _ in 1..WORDS {
            words[i] = mix(words, i, 1_566_083_941).wrapping_sub(i as u32);
            step(words, &mut i);
        }
        words[0] = 0x8000_0000;
        twister
    }

    fn twist(&mut self) {
        for i in 0..WORDS {
            let joined = self.words[i] & 0x8000_0000 | self.words[(i + 1) % WORDS] & 0x7FFF_FFFF;
            let odd = if joined & 1 == 0 { 0 } else { 0x9908_B0DF };
            self.words[i] = self.words[(i + MIDDLE) % WORDS] ^ joined >> 1 ^ odd;
        }
        self.index = 0;
    }

    fn next(&mut self) -> u32 {
        if self.index >= WORDS {
            self.twist();
        }
        let mut word = self.words[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9D2C_5680;
        word ^= word << 15 & 0xEFC6_0000;
        word ^ word >> 18
    }

    /// A float of 53 random bits in [0, 1).
    fn next_float(&mut self) -> f64 {
        let (high, low) = (self.next() >> 5, self.next() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }
}

fn state<'a>(cx: &'a Cx, args: Args<'_>) -> &'a State {
    cx.payload::<State>(args.at(0)).expect("self is a generator")
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let shape = vm.shape_of_type(args.at(0).value());
    let twister = State(RefCell::new(Twister::from_number(0)));
    let heap_type = vm.type_data(args.at(0).value()).has(type_flag::HEAP);
    let value = vm.new_boxed(shape, Box::new(twister));
    if heap_type {
        let value = vm.as_subclass(value, args.at(0).value())?;
        return Ok(cx.local(value));
    }
    Ok(cx.local(value))
}

fn seed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let key = match args.some(1) {
        None => from_system(),
        Some(seed) => key_of(cx, seed)?,
    };
    *state(cx, args).0.borrow_mut() = Twister::from_key(&key);
    Ok(cx.none())
}

/// The words of an int's magnitude, or of another object's hash.
fn key_of(cx: &mut Cx, seed: Handle<'_>) -> Result<Vec<u32>, Raised> {
    let magnitude = if cx.vm().is_any_int(seed.value()) {
        int::to_big(seed.value()).abs().magnitude().clone()
    } else {
        BigUint::from(cx.hash(seed)?)
    };
    let key = magnitude.to_u32_digits();
    Ok(if key.is_empty() { vec![0] } else { key })
}

/// Words that differ from run to run.
fn from_system() -> Vec<u32> {
    use std::io::Read;
    let mut bytes = [0_u8; 4 * WORDS];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    if read.is_err() {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let nanos = now.map_or(0, |elapsed| elapsed.as_nanos());
        bytes[..16].copy_from_slice(&nanos.to_le_bytes());
    }
    bytes.chunks_exact(4).map(|chunk| u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]])).collect()
}

fn random<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let float = state(cx, args).0.borrow_mut().next_float();
    let value = cx.vm().new_float(float);
    Ok(cx.local(value))
}

fn getrandbits<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bits = cx.index_i64(args.at(1))?;
    let Ok(bits) = usize::try_from(bits) else {
        return Err(cx.vm().raise_value_error("number of bits must be non-negative"));
    };
    if bits == 0 {
        return Ok(cx.local(Value::small(0)));
    }
    if bits <= 32 {
        let word = state(cx, args).0.borrow_mut().next() >> (32 - bits);
        let value = cx.vm().new_int(word.into());
        return Ok(cx.local(value));
    }
    if !cx.vm().heap.may_grow(bits / 8) {
        return Err(cx.vm().raise_memory_error());
    }
    let mut words = Vec::with_capacity(bits.div_ceil(32));
    for done in (0..bits).step_by(32) {
        let word = state(cx, args).0.borrow_mut().next();
        words.push(if bits - done < 32 { word >> (32 - (bits - done)) } else { word });
    }
    let value = int::from_big(cx.vm(), &BigInt::from(BigUint::new(words)))?;
    Ok(cx.local(value))
}

fn getstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let items: Vec<Value> = {
        let twister = state(cx, args).0.borrow();
        let words = twister.words.iter().map(|word| i64::from(*word));
        words.chain([twister.index as i64]).map(|int| cx.vm().new_int(int)).collect()
    };
    let value = cx.vm().new_tuple(&items);
    Ok(cx.local(value))
}

fn setstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    if !args.at(1).value().is_kind(Kind::Tuple) {
        return Err(vm.raise_type_error("state vector must be a tuple"));
    }
    let items = vm.sequence_values(args.at(1).value());
    if items.len() != WORDS + 1 {
        return Err(vm.raise_value_error("state vector is the wrong size"));
    }
    let mut words = [0; WORDS];
    for (word, item) in words.iter_mut().zip(&items) {
        *word = match vm.int_of(*item).map(u32::try_from) {
            Some(Ok(number)) => number,
            _ => return Err(vm.raise_value_error("invalid state")),
        };
    }
    let index = vm.int_of(items[WORDS]).and_then(|index| usize::try_from(index).ok());
    let Some(index) = index.filter(|index| *index <= WORDS) else {
        return Err(vm.raise_value_error("invalid state"));
    };
    *state(cx, args).0.borrow_mut() = Twister { words, index };
    Ok(cx.none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_published_generator() {
        let mut twister = Twister::from_number(5489);
        assert_eq!(twister.next(), 3_499_211_612);
        let last = (0..9999).map(|_| twister.next()).last();
        assert_eq!(last, Some(4_123_659_995));
    }

    #[test]
    fn keys_seed_as_cpythons() {
        assert_eq!(Twister::from_key(&[0]).next_float(), 0.8444218515250481);
        assert_eq!(Twister::from_key(&[42]).next_float(), 0.6394267984578837);
    }
}
