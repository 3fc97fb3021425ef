//! "Did you mean": the closest name by CPython's weighted edit distance (`Python/suggestions.c`).

const MOVE: usize = 2;
const CASE: usize = 1;
const MAX_CANDIDATES: usize = 750;
const MAX_LENGTH: usize = 40;

/// The candidate closest to `name`, if one is close enough.
pub(crate) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.take(MAX_CANDIDATES).filter(|candidate| *candidate != name) {
        let limit = (name.chars().count() + candidate.chars().count() + 3) * MOVE / 6;
        let limit = best.map_or(limit, |(distance, _)| limit.min(distance.saturating_sub(1)));
        let distance = edit_distance(name, candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn substitution(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).map(|j| j * MOVE).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], (i + 1) * MOVE);
        for (j, y) in b.iter().enumerate() {
            let cost = (diagonal + substitution(*x, *y)).min(row[j] + MOVE).min(row[j + 1] + MOVE);
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_near_names_only() {
        let names = ["blech", "indent", "width"];
        assert_eq!(closest("blach", names.into_iter()), Some("blech"));
        assert_eq!(closest("idnent", names.into_iter()), Some("indent"));
        assert_eq!(closest("zzzz", names.into_iter()), None);
    }
}
