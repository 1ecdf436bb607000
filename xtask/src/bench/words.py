"""Prints English words with how often each is said and written, the most frequent first."""

from wordfreq import top_n_list, word_frequency

for word in top_n_list("en", 120_000):
    if word.isascii() and word.isalpha():
        print(f"{word}\t{word_frequency(word, 'en')}")
