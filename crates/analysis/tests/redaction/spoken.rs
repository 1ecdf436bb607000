//! What callers and agents say: secrets go in every way of saying them, harmless numbers stay.

use super::left_of;

/// Lines of talk and parts of the secret that must be gone.
type Case<'a> = (&'a [(u8, &'a str)], &'a [&'a str]);

fn check_gone(cases: &[Case<'_>]) {
    for (lines, secrets) in cases {
        let left = left_of(lines);
        for secret in *secrets {
            let padded = format!(
                " {} ",
                left.to_lowercase().replace([',', '.', '?', '\n'], " ")
            );
            assert!(
                !padded.contains(&format!(" {secret} ")),
                "`{secret}` is left in:\n{left}"
            );
        }
    }
}

#[test]
fn card_numbers_in_every_grouping() {
    let forms = [
        "4111 1111 1111 1111",
        "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
        "4111-1111-1111-1111",
        "4,111,111,111,111,111",
        "4111,1111,1111,1111",
        "4111. 1111. 1111. 1111.",
        "four one one one one one one one one one one one one one one one",
        "4 1 1 1, 1 1 1 1, 1 1 1 1, 1 1 1 1",
        "41 11 11 11 11 11 11 11",
        "forty one eleven eleven eleven eleven eleven eleven eleven",
        "four triple one, quadruple one, double one double one, one one one one",
        "4111/1111/1111/1111",
        "4111_1111_1111_1111",
        "４１１１ １１１１ １１１１ １１１１",
        "4111\u{200b}1111\u{200b}1111\u{200b}1111",
        "four one one one um one one one one uh one one one one one one one one",
        "four one one one, one one one two, no wait, one one one one, one one one one, one one one one",
        "4111 1111 1111 1111 dollars",
        "$4111 1111 1111 1111",
        "4111:1111:1111:1111",
        "4111 1111 1111 and then 1111",
        "card=4111111111111111;",
        "4111 one one one one 1111 eleven eleven",
        "to be sure four one one one for one one two one one one for one one one one one",
    ];
    for form in forms {
        for carrier in [
            "{}",
            "it is {}",
            "my card number is {} thanks",
            "sure, {}, did you get that?",
        ] {
            let said = carrier.replace("{}", form);
            let left = left_of(&[(0, "How can I help?"), (1, &said)]).to_lowercase();
            let digit = left.contains(|c: char| c.is_numeric())
                || left
                    .split_whitespace()
                    .any(|w| w.trim_matches(',') == "one" || w == "eleven");
            assert!(!digit, "{said}\n{left}");
        }
    }
}

#[test]
fn card_numbers_over_turns_and_speakers() {
    check_gone(&[
        (
            &[
                (0, "And the card number please?"),
                (1, "Four one one one, one one one one, one one one one."),
                (0, "And the last four?"),
                (1, "One two three four."),
            ],
            &["one", "two", "three"],
        ),
        (
            &[
                (0, "What is the long number on the card?"),
                (1, "5555 5555"),
                (0, "Okay, go ahead."),
                (1, "5555 4444"),
            ],
            &["5555", "4444"],
        ),
        (
            &[
                (0, "Go ahead with the card."),
                (1, "four one one one"),
                (0, "four one one one"),
                (1, "one one one one"),
                (0, "yes"),
                (1, "one one one one"),
                (0, "mhm"),
                (1, "one one one one"),
            ],
            &["one", "four"],
        ),
        (
            &[
                (1, "it's 4 0 1 2 8 8 8 8"),
                (0, "got it"),
                (1, "8 8 8 8 1 8 8 1"),
            ],
            &["4", "8", "1"],
        ),
        (
            &[
                (0, "Can I have the last four digits of your card?"),
                (1, "It is eight two three one."),
            ],
            &["eight", "two", "three"],
        ),
        (&[(1, "I pay with the card ending in 1881.")], &["1881"]),
    ]);
}

#[test]
fn verification_codes_and_expiry_dates() {
    check_gone(&[
        (
            &[
                (0, "And the security code on the back?"),
                (1, "Seven three nine."),
            ],
            &["seven", "nine"],
        ),
        (
            &[
                (0, "What's the CVV?"),
                (1, "Let me turn it over."),
                (1, "It's 482"),
            ],
            &["482"],
        ),
        (&[(1, "739 is the security code")], &["739"]),
        (
            &[
                (0, "I need the three digits on the back for this order."),
                (1, "seven three, sorry, seven four nine"),
            ],
            &["seven", "four", "nine"],
        ),
        (&[(1, "cvv: 482, exp 11/29")], &["482", "11/29"]),
        (
            &[(0, "And the expiration date?"), (1, "oh four twenty nine")],
            &["four", "twenty", "nine"],
        ),
        (
            &[
                (0, "When does the card expire?"),
                (1, "November twenty twenty nine."),
            ],
            &["november", "twenty"],
        ),
        (
            &[(1, "%B4111111111111111^DOE/JOHN^29121010000000000?")],
            &["%b4111111111111111^doe/john^29121010000000000?"],
        ),
    ]);
}

#[test]
fn official_and_bank_numbers() {
    check_gone(&[
        (
            &[
                (0, "Your social please?"),
                (1, "zero seven eight zero five one one two zero"),
            ],
            &["zero", "seven", "eight"],
        ),
        (&[(1, "SSN 078-05-1120")], &["078-05-1120"]),
        (
            &[(0, "Last four of your social?"), (1, "one one two zero")],
            &["one", "zero"],
        ),
        (
            &[(
                1,
                "my national insurance number is A B one two three four five six C",
            )],
            &["a", "b", "c", "one", "six"],
        ),
        (&[(1, "NINO AB 12 34 56 C")], &["ab", "12", "56"]),
        (
            &[(1, "IBAN GB29 NWBK 6016 1331 9268 19")],
            &["gb29", "nwbk", "9268"],
        ),
        (
            &[(1, "pay to de89 3704 0044 0532 0130 00")],
            &["3704", "0130"],
        ),
        (
            &[(
                1,
                "the routing number is 021000021 and the account number is 123456789",
            )],
            &["021000021", "123456789"],
        ),
        (
            &[(1, "sort code 20-00-00 account 55779911")],
            &["20-00-00", "55779911"],
        ),
        (
            &[
                (0, "What is your passport number?"),
                (1, "It's X one two three four five six seven"),
            ],
            &["one", "seven", "x"],
        ),
        (&[(1, "my driver's license is D1234567")], &["d1234567"]),
        (&[(1, "mijn bsn is 111222333")], &["111222333"]),
        (&[(1, "my DNI is 12345678Z")], &["12345678z"]),
        (&[(1, "member id is W 123 456 789")], &["123", "789"]),
        (
            &[(1, "my medical record number is MRN 8842317")],
            &["8842317"],
        ),
        (&[(1, "the license plate is 7ABC123")], &["7abc123"]),
        (
            &[(1, "the VIN is 1M8GDM9AXKP042788")],
            &["1m8gdm9axkp042788"],
        ),
    ]);
}

#[test]
fn phones_mails_and_addresses() {
    check_gone(&[
        (
            &[(
                1,
                "call me at five five five two one three zero one four six",
            )],
            &["five", "two", "six"],
        ),
        (
            &[(1, "You can reach me on +44 20 7946 0958")],
            &["7946", "0958"],
        ),
        (&[(1, "(212) 555-0187")], &["212", "555-0187", "(212)"]),
        (
            &[
                (0, "A phone number?"),
                (1, "five five five"),
                (0, "okay"),
                (1, "eight six seven five three oh nine"),
            ],
            &["five", "six", "nine"],
        ),
        (
            &[(1, "it is laura dot bennett at example dot com")],
            &["laura", "bennett", "example"],
        ),
        (
            &[(1, "my email is j smith 42 at g mail dot com")],
            &["smith", "42", "mail"],
        ),
        (
            &[(1, "that's l a u r a underscore b at yahoo dot co dot uk")],
            &["l", "yahoo", "uk"],
        ),
        (
            &[(1, "write to bob_jones@mail.example.org please")],
            &["bob_jones@mail.example.org"],
        ),
        (
            &[(1, "m as in mary a r k at acme dot org")],
            &["acme", "mary", "r"],
        ),
        (
            &[(1, "twelve forty two oak street apartment five springfield")],
            &["twelve", "oak", "five", "springfield"],
        ),
        (
            &[(1, "I'm at 221 B Baker Street, London NW1 6XE")],
            &["221", "baker", "6xe", "london"],
        ),
        (
            &[(1, "My zip is nine four one oh five")],
            &["nine", "four", "five"],
        ),
        (
            &[(1, "P.O. Box 1182, Austin, TX 78701")],
            &["1182", "78701"],
        ),
        (
            &[(1, "visit www.laurabennett.example or https://x.test/a?b=c")],
            &["www", "https://x"],
        ),
        (
            &[(1, "my ip is 192.168.1.10 and the mac is 00:1a:2b:3c:4d:5e")],
            &["192", "00:1a:2b:3c:4d:5e"],
        ),
        (
            &[(1, "one ninety two dot one sixty eight dot one dot ten")],
            &["ninety", "sixty"],
        ),
    ]);
}

#[test]
fn people_dates_and_credentials() {
    check_gone(&[
        (
            &[(1, "my date of birth is may fifth nineteen eighty one")],
            &["fifth", "eighty", "may"],
        ),
        (
            &[
                (0, "Your date of birth?"),
                (1, "oh five oh five eighty one"),
            ],
            &["five", "eighty"],
        ),
        (&[(1, "I was born on 12/05/1980")], &["12/05/1980"]),
        (&[(1, "I am 43 years old")], &["43"]),
        (
            &[(0, "how old are you?"), (1, "forty three")],
            &["forty", "three"],
        ),
        (
            &[
                (1, "this is Siobhan Kowalczyk calling about my bill"),
                (0, "Thanks Siobhan. Ms. Kowalczyk, one moment."),
            ],
            &["siobhan", "kowalczyk"],
        ),
        (
            &[(0, "Who am I speaking with?"), (1, "Zebediah Quux.")],
            &["zebediah", "quux"],
        ),
        (
            &[
                (1, "my name is katherine okonkwo"),
                (0, "thank you catherine"),
                (1, "it's spelled o k o n k w o"),
            ],
            &["katherine", "okonkwo", "w"],
        ),
        (&[(1, "my password is BlueHorse77!")], &["bluehorse77!"]),
        (
            &[(0, "What is the password?"), (1, "It's blue horse seven.")],
            &["blue", "horse", "seven"],
        ),
        (
            &[(0, "Your PIN please?"), (1, "four four one nine")],
            &["four", "nine"],
        ),
        (&[(1, "the username is jdoe_77")], &["jdoe_77"]),
        (
            &[
                (0, "What is your mother's maiden name?"),
                (1, "Featherstone."),
            ],
            &["featherstone"],
        ),
        (
            &[
                (0, "Read me the verification code we sent."),
                (1, "eight eight two one nine oh"),
            ],
            &["eight", "nine"],
        ),
    ]);
}

#[test]
fn harmless_talk_stays_as_it_is() {
    let lines = [
        "I will have it within five business days.",
        "That is eighty four dollars and fifty cents.",
        "I have Thursday at three thirty with the same dentist.",
        "The order number is seven seven zero four two.",
        "We can deliver it this Friday between nine and twelve.",
        "It costs $1,249.50 or 20 percent less.",
        "I have been waiting for 45 minutes and called 3 times.",
        "On 2 October I paid 120 dollars.",
        "One moment please, I am looking at the second one.",
        "My password is not working and the card was declined.",
        "I cannot log in to my account since this morning.",
        "The furnace is 12 years old.",
        "Version 2.0.1 came out in 2024.",
        "I'm calling about my internet bill.",
        "This is ridiculous, I am so upset.",
        "Can I get the first of the three options?",
        "We are open from 9 am to 5:30 pm, Monday to Friday.",
        "It is the same address as before.",
        "Please send it by mail.",
        "You will receive the confirmation within the hour.",
        "I'm at work, can you call me back in 10 minutes?",
        "The ticket 48213 was closed.",
        "May I have your full name and the e-mail address of the account?",
        "Turn right and go down the road for 2 miles.",
        "There is no way I pay for this.",
        "I bought two hundred thousand points.",
    ];
    for line in lines {
        assert_eq!(left_of(&[(0, line)]), line);
        let lower = line.to_lowercase();
        assert_eq!(left_of(&[(1, &lower)]), lower);
    }
}
