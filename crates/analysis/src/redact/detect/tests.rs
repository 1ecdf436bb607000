use crate::redact::{Profile, redact_text};

/// Detector, text, and what is left of it.
const TABLE: &[(&str, &str, &str)] = &[
    ("card.pan", "charge 4111-1111-1111-1111.", "charge [CARD]."),
    (
        "card.pan",
        "4111 1111 1111 1112, I think",
        "[CARD], I think",
    ),
    (
        "card.partial",
        "card number 4111 1111",
        "card number [CARD]",
    ),
    (
        "card.last_four",
        "the card ending in 1881",
        "the card ending in [CARD]",
    ),
    (
        "phone.international",
        "the new one is +44 20 7946 8517",
        "the new one is [PHONE]",
    ),
    (
        "credential.pin",
        "the PIN for the card is 866 4",
        "the PIN for the card is [CREDENTIAL]",
    ),
    (
        "card.expiry",
        "the date on the front of the card is 01/33",
        "the date on the front of the card is [CARD_EXPIRY]",
    ),
    (
        "bank.account",
        "refund it to my account, 4787 6446 6",
        "refund it to my account, [BANK_ACCOUNT]",
    ),
    (
        "vehicle.plate",
        "they towed my car, 9YGA284",
        "they towed my car, [VEHICLE]",
    ),
    (
        "birth.age",
        "At 74 I would rather not",
        "At [AGE] I would rather not",
    ),
    ("card.cvv", "CVV 123", "CVV [CVV]"),
    ("card.expiry", "exp 04/27", "exp [CARD_EXPIRY]"),
    (
        "card.track",
        ";4111111111111111=29121010000000000?",
        ";[TRACK_DATA]?",
    ),
    (
        "bank.iban",
        "IBAN DE89 3704 0044 0532 0130 00 please",
        "IBAN [BANK_ACCOUNT] please",
    ),
    (
        "bank.routing",
        "routing number 021000021",
        "routing number [BANK_ACCOUNT]",
    ),
    (
        "bank.sort_code",
        "sort code 05-27-06",
        "sort code [BANK_ACCOUNT]",
    ),
    (
        "bank.account",
        "account number 55779911",
        "account number [BANK_ACCOUNT]",
    ),
    (
        "us.ssn",
        "it says 078-05-1120 here",
        "it says [GOVERNMENT_ID] here",
    ),
    (
        "us.ssn",
        "last four of my social 1120",
        "last four of my social [GOVERNMENT_ID]",
    ),
    ("us.itin", "that is 912-70-1234", "that is [GOVERNMENT_ID]"),
    ("tax.id", "tax id 12-3456789", "tax id [GOVERNMENT_ID]"),
    (
        "uk.nino",
        "AB 12 34 56 C was rejected",
        "[GOVERNMENT_ID] was rejected",
    ),
    (
        "uk.driving_licence",
        "licence MORGA657054SM9IJ",
        "licence [GOVERNMENT_ID]",
    ),
    (
        "passport.number",
        "passport number X1234567",
        "passport number [GOVERNMENT_ID]",
    ),
    (
        "licence.driving",
        "driver's license D1234567",
        "driver's license [GOVERNMENT_ID]",
    ),
    (
        "eu.national_id",
        "12345678Z and X1234567L",
        "[GOVERNMENT_ID] and [GOVERNMENT_ID]",
    ),
    ("eu.national_id", "bsn 111222333", "bsn [GOVERNMENT_ID]"),
    (
        "phone.announced",
        "call me at 5552130146",
        "call me at [PHONE]",
    ),
    ("phone.grouped", "555-0187 rang", "[PHONE] rang"),
    ("phone.international", "+49 30 901820 rang", "[PHONE] rang"),
    ("phone.valid", "2125550187 rang", "[PHONE] rang"),
    (
        "email.written",
        "(write a.b+c@example.org)",
        "(write [EMAIL])",
    ),
    (
        "email.spoken",
        "email is a b at example dot com",
        "email is [EMAIL]",
    ),
    (
        "network.url",
        "see https://example.com/a?b=1.",
        "see [URL].",
    ),
    (
        "network.ip",
        "from 10.0.0.1 and fe80::1:2",
        "from [NETWORK_ADDRESS] and [NETWORK_ADDRESS]",
    ),
    (
        "network.mac",
        "box 00-1A-2B-3C-4D-5E",
        "box [NETWORK_ADDRESS]",
    ),
    ("vehicle.vin", "VIN 1M8GDM9AXKP042788", "VIN [VEHICLE]"),
    ("vehicle.plate", "plate 7ABC123", "plate [VEHICLE]"),
    (
        "birth.date",
        "born on 5 May 1981",
        "born on [DATE_OF_BIRTH]",
    ),
    ("birth.age", "I am 43 years old", "I am [AGE]"),
    (
        "address.street",
        "at 9 Birch Lane, Riverton",
        "at [ADDRESS]",
    ),
    ("address.postcode", "zip code 94105", "zip code [ADDRESS]"),
    ("address.state_postcode", "CA 94105", "[ADDRESS]"),
    (
        "name.announced",
        "my name is Zoltan Quux",
        "my name is [PERSON]",
    ),
    (
        "name.listed",
        "then Olivia Grant wrote",
        "then [PERSON] wrote",
    ),
    ("name.framed", "Xerxes Quux wrote:", "[PERSON] wrote:"),
    (
        "credential.password",
        "password: Tr0ub4dor&3",
        "password: [CREDENTIAL]",
    ),
    ("credential.pin", "my pin is 4419", "my pin is [CREDENTIAL]"),
    (
        "credential.one_time_code",
        "the verification code is 882190",
        "the verification code is [CREDENTIAL]",
    ),
    (
        "credential.username",
        "username is jdoe_77",
        "username is [USERNAME]",
    ),
    ("medical.number", "MRN 8842317", "MRN [MEDICAL_ID]"),
    (
        "number.long",
        "it reads 12345678 there",
        "it reads [NUMBER] there",
    ),
];

#[test]
fn each_detector_finds_its_kind_and_says_so() {
    let mut wrong = Vec::new();
    for (detector, text, expected) in TABLE {
        let (left, spans) = redact_text(text, &Profile::default());
        if &left != expected || !spans.iter().any(|span| span.detector.0 == *detector) {
            wrong.push(format!("{detector}: `{left}` for `{expected}`, {spans:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
