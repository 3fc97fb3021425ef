//! Cyclic redundancy checks.

use crate::cx::{Args, Cx, Handle, Raised, Res};

const CRC32: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

/// An int's lowest 32 bits.
fn low_bits(cx: &mut Cx, value: Option<Handle<'_>>) -> Result<u32, Raised> {
    let Some(value) = value else { return Ok(0) };
    let mask = cx.vm().new_int(0xFFFF_FFFF);
    let mask = cx.root_value(mask);
    let int = cx.index_value(value)?;
    let int = cx.root_value(int);
    let low = cx.binary(bytecode::BinOp::And, int.handle(), mask.handle())?;
    Ok(cx.vm().int_of(low.value()).unwrap_or(0) as u32)
}

pub(super) fn crc32<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(0))?;
    let start = low_bits(cx, args.opt(1))?;
    let crc =
        data.iter().fold(!start, |crc, byte| crc >> 8 ^ CRC32[((crc ^ u32::from(*byte)) & 0xFF) as usize]);
    let crc = cx.vm().new_int(i64::from(!crc));
    Ok(cx.local(crc))
}

pub(super) fn crc_hqx<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(0))?;
    let start = low_bits(cx, args.opt(1))? as u16;
    let crc = data.iter().fold(start, |crc, byte| {
        (0..8).fold(
            crc ^ u16::from(*byte) << 8,
            |crc, _| if crc >> 15 == 1 { crc << 1 ^ 0x1021 } else { crc << 1 },
        )
    });
    let crc = cx.vm().new_int(crc.into());
    Ok(cx.local(crc))
}
