"""Words of a made-up text counted, sorted and grouped: dicts, strings and sorting with a key."""

import sys

ANSWERS = {1000: (88, ("the", 56), "w", 176, 4293), 450000: (94, ("the", 29951), "w", 81506, 1945567)}

WORDS = (
    "the a one of and to in that it was he for on are with as they at be this from have or by hot but some what "
    "there we can out other were all your when up use word how said an each she which do their time if will way "
    "about many then them would write like so these her long make thing see him two has look more day could go come "
    "did my sound no most number who over know water than call first people may down side been now find"
).split()


def make_text(count):
    state = 12345
    pieces = []
    for i in range(count):
        state = (state * 69069 + 1) % 4294967296
        # The product of two draws prefers the words at the front, as real texts do.
        index = (state >> 16) % len(WORDS) * (state >> 8 & 255) // 256
        word = WORDS[index]
        if i % 11 == 0:
            word = word.capitalize()
        if i % 7 == 6:
            word += "." if i % 3 else ","
        pieces.append(word)
        if i % 12 == 11:
            pieces.append("\n")
    return " ".join(pieces)


def count_words(text):
    counts = {}
    for line in text.splitlines():
        for word in line.split():
            word = word.strip(".,").lower()
            if word in counts:
                counts[word] += 1
            else:
                counts[word] = 1
    return counts


def group_by_letter(counts):
    groups = {}
    for word, count in counts.items():
        groups.setdefault(word[0], []).append((word, count))
    return groups


def count_letters(text):
    letters = {}
    for letter in text:
        if letter.isalpha():
            letters[letter] = letters.get(letter, 0) + 1
    return letters


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 450000
    text = make_text(count)
    counts = count_words(text)
    assert sum(counts.values()) == count
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    groups = group_by_letter(counts)
    letters = count_letters(text[: count * 2])
    longest = max(groups, key=lambda letter: len(groups[letter]))
    result = (len(counts), top[0], longest, letters["e"], len(text))
    assert result == ANSWERS.get(count, result), result
    print(f"word_count({count}) = {result} {' '.join(word for word, _ in top)}")


if __name__ == "__main__":
    main()
