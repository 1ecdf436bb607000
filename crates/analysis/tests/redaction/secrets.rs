//! Makes conversations with one secret of a known type at a known place, and harmless ones
//! full of numbers. Seeded: the same seed says the same.

use domain::EntityKind;

/// A small generator of unpredictable-looking numbers (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        (0..length)
            .filter_map(|_| char::from_digit(u32::try_from(self.below(10)).ok()?, 10))
            .collect()
    }

    fn letters(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEGHJKLMNPRSTVWXYZ";
        (0..length)
            .map(|_| char::from(LETTERS[self.below(LETTERS.len())]))
            .collect()
    }
}

/// A conversation and where its secret is.
pub(crate) struct Sample {
    pub(crate) kind: &'static str,
    pub(crate) expected: EntityKind,
    pub(crate) lines: Vec<(u8, String)>,
    /// Turn of the secret, and its words `first..=last` in that turn.
    pub(crate) secret: Option<(usize, usize, usize)>,
}

/// The types, as reports name them.
pub(crate) const TYPES: &[(&str, EntityKind)] = &[
    ("card", EntityKind::Card),
    ("card_bare", EntityKind::Card),
    ("cvv", EntityKind::Cvv),
    ("expiry", EntityKind::CardExpiry),
    ("iban", EntityKind::BankAccount),
    ("bank_account", EntityKind::BankAccount),
    ("routing", EntityKind::BankAccount),
    ("sort_code", EntityKind::BankAccount),
    ("ssn", EntityKind::GovernmentId),
    ("itin", EntityKind::GovernmentId),
    ("nino", EntityKind::GovernmentId),
    ("passport", EntityKind::GovernmentId),
    ("licence", EntityKind::GovernmentId),
    ("national_id", EntityKind::GovernmentId),
    ("phone", EntityKind::Phone),
    ("email", EntityKind::Email),
    ("url", EntityKind::Url),
    ("ip", EntityKind::NetworkAddress),
    ("mac", EntityKind::NetworkAddress),
    ("plate", EntityKind::Vehicle),
    ("vin", EntityKind::Vehicle),
    ("birth_date", EntityKind::DateOfBirth),
    ("age", EntityKind::Age),
    ("address", EntityKind::Address),
    ("person", EntityKind::Person),
    ("username", EntityKind::Username),
    ("password", EntityKind::Credential),
    ("pin", EntityKind::Credential),
    ("medical", EntityKind::MedicalId),
];

/// One conversation with a secret of a type.
pub(crate) fn with_secret(kind: &'static str, expected: EntityKind, dice: &mut Dice) -> Sample {
    let said = value(kind, dice);
    let (asks, states) = carriers(kind);
    let reply = !asks.is_empty() && (states.is_empty() || dice.below(2) == 0);
    let mut lines = Vec::new();
    if dice.below(2) == 0 {
        lines.push((0, dice.pick(OPENERS).to_owned()));
    }
    let carrier = if reply {
        lines.push((0, dice.pick(asks).to_owned()));
        dice.pick(REPLIES)
    } else {
        dice.pick(states)
    };
    let (head, tail) = carrier.split_once("{}").unwrap_or((carrier, ""));
    let first = head.split_whitespace().count();
    let last = first + said.split_whitespace().count() - 1;
    let lower = dice.below(3) == 0;
    let text = format!("{head}{said}{tail}");
    let text = if lower && kind != "password" && kind != "person" {
        text.to_lowercase()
    } else {
        text
    };
    lines.push((1, text));
    let turn = lines.len() - 1;
    if dice.below(2) == 0 {
        lines.push((0, dice.pick(CLOSERS).to_owned()));
    }
    Sample {
        kind,
        expected,
        lines,
        secret: Some((turn, first, last)),
    }
}

/// One harmless conversation.
pub(crate) fn without_secret(dice: &mut Dice) -> Sample {
    let mut lines = vec![(0, dice.pick(OPENERS).to_owned())];
    for turn in 0..1 + dice.below(3) {
        let text = harmless(dice);
        let text = if dice.below(4) == 0 {
            text.to_lowercase()
        } else {
            text
        };
        lines.push((u8::from(turn % 2 == 0), text));
    }
    Sample {
        kind: "none",
        expected: EntityKind::Number,
        lines,
        secret: None,
    }
}

fn harmless(dice: &mut Dice) -> String {
    let small = 2 + dice.below(28);
    let amount = dice.digits(3);
    let text = dice.pick(HARMLESS);
    text.replace("{n}", &small.to_string())
        .replace("{w}", &number_words(small))
        .replace("{amount}", amount.trim_start_matches('0'))
        .replace("{order}", &dice.digits(5))
        .replace(
            "{day}",
            dice.pick(&["Monday", "Tuesday", "Thursday", "Friday"]),
        )
        .replace(
            "{month}",
            dice.pick(&["January", "May", "October", "March"]),
        )
}

const OPENERS: &[&str] = &[
    "Thank you for calling, how can I help you today?",
    "Good morning, you have reached customer care.",
    "I see. Let me look that up for you.",
    "Sorry to keep you waiting.",
    "Sure, I can help with that.",
    "Before we go on I have to verify a few things.",
];

const CLOSERS: &[&str] = &[
    "Thank you, that is all I need.",
    "Perfect, I have updated it. Anything else?",
    "Great, it will take three to five business days.",
    "One moment please while I check.",
    "Thanks, the refund of 84 dollars is on its way.",
    "Okay, got it.",
];

const REPLIES: &[&str] = &[
    "{}",
    "It's {}.",
    "Sure, it is {}.",
    "Yes, {}.",
    "Um, {}",
    "Okay so that would be {} thanks",
    "Let me see, {}.",
];

const HARMLESS: &[&str] = &[
    "I have been waiting for {n} days and nobody called me back.",
    "The technician came on {day} at {n} past three and left after ten minutes.",
    "You charged me {amount} dollars instead of {n} dollars.",
    "My order number is {order} and I ordered {w} boxes.",
    "It was delivered on {month} {n} but two pieces were missing.",
    "Can I move my appointment to {day} at three thirty?",
    "The price went up by {n} percent since last year.",
    "I called {w} times this week about the same problem.",
    "I would like to speak to a supervisor about my bill please.",
    "The internet is slow, I only get {n} megabits per second.",
    "We bought {w} hundred units in {month}.",
    "It says error code {n} when I press the button.",
    "The plan costs $49.99 a month for {n} months.",
    "Is the store open between nine and five on {day}?",
    "I need {n} more minutes, can you hold?",
    "There were {w} people in line and only one person working.",
    "The invoice from {month} says {amount} euros.",
    "Please cancel the second one and keep the first.",
    "I think the battery lasts {n} hours, not twenty four hours.",
    "Ticket {order} is still open after {w} weeks.",
    "My card was declined even though I have enough money.",
    "I forgot my password and cannot reset it.",
    "Nobody answered the phone for {n} minutes.",
    "The package weighs {n} kg and is {amount} cm long.",
    "That was the worst service I have had in {w} years.",
    "You promised a call back within {n} hours.",
];

/// Questions of the agent, and statements with a place for the secret.
fn carriers(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "card" => (
            &[
                "Can I have your card number please?",
                "What is the long number on the front of the card?",
                "Which card should I charge? I need the full number.",
                "Please read me the sixteen digits on your card.",
            ],
            &[
                "My card number is {}.",
                "Please charge my visa {} today.",
                "I want to pay with {} if that works.",
                "The credit card is {} and it should be fine.",
            ],
        ),
        "card_bare" => (
            &[],
            &[
                "{}",
                "So I wrote {} down here.",
                "Hang on, {} right?",
                "I found this, {}, in the letter.",
            ],
        ),
        "cvv" => (
            &[
                "And the security code on the back?",
                "What is the CVV?",
                "Can you read me the three digits on the back of the card?",
            ],
            &[
                "The security code is {}.",
                "cvv {}",
                "and the cvc is {} if you need it",
                "The code on the back says {}.",
            ],
        ),
        "expiry" => (
            &[
                "And the expiration date?",
                "When does the card expire?",
                "What is the expiry date on the card?",
            ],
            &[
                "It expires {}.",
                "The expiration date is {}.",
                "exp {}",
                "my card is valid until {}",
            ],
        ),
        "iban" => (
            &[
                "What is your IBAN?",
                "Can you give me the IBAN for the refund?",
            ],
            &[
                "My IBAN is {}.",
                "Please transfer it to {} today.",
                "The account is {}.",
            ],
        ),
        "bank_account" => (
            &[
                "What is the account number at your bank?",
                "Which bank account should we refund? I need the account number.",
            ],
            &[
                "My bank account number is {}.",
                "The checking account is {}.",
                "The account number is {} at First Bank.",
            ],
        ),
        "routing" => (
            &[
                "What is the routing number?",
                "I also need the routing number of your bank.",
            ],
            &[
                "The routing number is {}.",
                "routing {} please",
                "My bank's ABA number is {}.",
            ],
        ),
        "sort_code" => (
            &["And the sort code?", "What is your sort code please?"],
            &["The sort code is {}.", "my sort code {}"],
        ),
        "ssn" => (
            &[
                "What is your social security number?",
                "Can you verify your social?",
                "I need your SSN please.",
            ],
            &[
                "My social is {}.",
                "My social security number is {}.",
                "SSN {}",
                "It's on file, social security {} I think.",
            ],
        ),
        "itin" => (
            &[
                "What is your ITIN?",
                "Do you have a taxpayer identification number?",
            ],
            &[
                "My ITIN is {}.",
                "The tax id is {}.",
                "My taxpayer number is {}.",
            ],
        ),
        "nino" => (
            &["What is your national insurance number?"],
            &[
                "My national insurance number is {}.",
                "NINO {}",
                "My NI number is {} I believe.",
            ],
        ),
        "passport" => (
            &[
                "What is your passport number?",
                "Can you read me the number in your passport?",
            ],
            &[
                "My passport number is {}.",
                "I travel with passport {} next week.",
                "passport {}",
            ],
        ),
        "licence" => (
            &[
                "What is your driver's license number?",
                "Can I have your driving licence number?",
            ],
            &[
                "My driver's license is {}.",
                "The license number is {}.",
                "driving licence {}",
            ],
        ),
        "national_id" => (
            &[
                "What is your national id number?",
                "Can I have your identity number?",
            ],
            &[
                "My national id is {}.",
                "My personal identity number is {}.",
                "The identification number is {}.",
            ],
        ),
        "phone" => (
            &[
                "What is the best phone number for you?",
                "Can I have a number to call you back?",
                "What is your mobile number?",
            ],
            &[
                "You can call me at {}.",
                "My phone number is {}.",
                "Please reach me on {} after five.",
                "my cell is {} thanks",
            ],
        ),
        "email" => (
            &[
                "What is your email address?",
                "Can I have your email to confirm this?",
            ],
            &[
                "My email is {}.",
                "Please write to {} instead.",
                "You can email me at {}.",
                "Send the receipt to {} please.",
            ],
        ),
        "url" => (
            &["Which page did you see it on?"],
            &[
                "I saw it on {} yesterday.",
                "My page is {}.",
                "Go to {} and look.",
            ],
        ),
        "ip" => (
            &["What is your IP address?"],
            &[
                "My IP address is {}.",
                "The router is at {} right now.",
                "It connects from {}.",
            ],
        ),
        "mac" => (
            &["What is the MAC address of the box?"],
            &["The MAC address is {}.", "It says MAC {} on the label."],
        ),
        "plate" => (
            &[
                "What is your license plate?",
                "Can I have the registration number of the car?",
            ],
            &[
                "My license plate is {}.",
                "The plate number is {}.",
                "The car registration is {}.",
            ],
        ),
        "vin" => (
            &[
                "What is the VIN?",
                "Can you read me the vehicle identification number?",
            ],
            &["The VIN is {}.", "vehicle identification number {}"],
        ),
        "birth_date" => (
            &[
                "What is your date of birth?",
                "Can you confirm your birthday?",
                "And your date of birth for security?",
            ],
            &[
                "My date of birth is {}.",
                "I was born on {}.",
                "DOB {}",
                "My birthday is {}.",
            ],
        ),
        "age" => (
            &["How old are you?", "May I ask your age?"],
            &[
                "I am {} years old.",
                "My son is {} years old.",
                "She's {} years old and lives with me.",
            ],
        ),
        "address" => (
            &[
                "What is your address?",
                "Can you confirm the address on the account?",
                "Where do you live?",
            ],
            &[
                "I live at {}.",
                "My address is {}.",
                "Please ship it to {}.",
                "It should go to {} from now on.",
            ],
        ),
        "person" => (
            &[
                "May I have your name please?",
                "Who am I speaking with?",
                "What is your full name?",
            ],
            &[
                "My name is {}.",
                "Hi, this is {} calling about my bill.",
                "The name on the account is {}.",
                "You can ask for {}.",
                "Mr. {} called yesterday.",
            ],
        ),
        "username" => (
            &["What is your username?"],
            &[
                "My username is {}.",
                "The login is {}.",
                "username: {}",
                "My user id is {}.",
            ],
        ),
        "password" => (
            &["What is the password on the account?"],
            &[
                "My password is {}.",
                "password: {}",
                "The passcode is {}.",
                "I set the password to {}.",
            ],
        ),
        "pin" => (
            &[
                "What is your PIN?",
                "Can you read me the verification code we sent you?",
            ],
            &[
                "My PIN is {}.",
                "The pin code is {}.",
                "The verification code is {}.",
            ],
        ),
        _ => (
            &[
                "What is your member id?",
                "Can I have the medical record number?",
            ],
            &[
                "My medical record number is {}.",
                "MRN {}",
                "The member id is {}.",
                "My policy number is {}.",
            ],
        ),
    }
}

fn value(kind: &str, dice: &mut Dice) -> String {
    match kind {
        "card" | "card_bare" => {
            let number = card(dice);
            say(&number, &[4, 4, 4, 4, 3], dice)
        }
        "cvv" => {
            let number = dice.digits(3);
            say(&number, &[3], dice)
        }
        "expiry" => expiry(dice),
        "iban" => iban(dice),
        "bank_account" => {
            let length = 8 + dice.below(5);
            let number = dice.digits(length);
            say(&number, &[4, 4, 4], dice)
        }
        "routing" => say(&routing(dice), &[3, 3, 3], dice),
        "sort_code" => {
            let number = dice.digits(6);
            if dice.below(2) == 0 {
                grouped(&number, &[2, 2, 2], "-")
            } else {
                say(&number, &[2, 2, 2], dice)
            }
        }
        "ssn" => official(&ssn(dice, false), dice),
        "itin" => official(&ssn(dice, true), dice),
        "nino" => {
            let text = format!(
                "{}{}{}",
                dice.pick(&["AB", "CE", "JG", "SK", "WL"]),
                dice.digits(6),
                dice.pick(&["A", "B", "C", "D"])
            );
            spell(&text, &[2, 2, 2, 2, 1], dice)
        }
        "passport" => {
            let text = if dice.below(2) == 0 {
                dice.digits(9)
            } else {
                format!("{}{}", dice.letters(1), dice.digits(8))
            };
            spell(&text, &[9], dice)
        }
        "licence" => {
            let text = format!("{}{}", dice.letters(1), dice.digits(7));
            spell(&text, &[8], dice)
        }
        "national_id" => national(dice),
        "phone" => phone(dice),
        "email" => email(dice),
        "url" => url(dice),
        "ip" => ip(dice),
        "mac" => mac(dice),
        "plate" => {
            let text = format!("{}{}{}", dice.digits(1), dice.letters(3), dice.digits(3));
            spell(&text, &[4, 3], dice)
        }
        "vin" => vin(dice),
        "birth_date" => birth_date(dice),
        "age" => {
            let age = 4 + dice.below(90);
            if dice.below(2) == 0 {
                age.to_string()
            } else {
                number_words(age)
            }
        }
        "address" => address(dice),
        "person" => person(dice),
        "username" => format!(
            "{}{}{}",
            dice.pick(GIVEN).to_lowercase(),
            dice.pick(&["_", ".", ""]),
            10 + dice.below(9990)
        ),
        "password" => format!(
            "{}{}{}",
            dice.pick(&["Sunny", "Tiger", "Blue", "Xk9", "Rainbow"]),
            dice.digits(3),
            dice.pick(&["!", "#", "$x", ""])
        ),
        "pin" => {
            let length = 4 + 2 * dice.below(2);
            let number = dice.digits(length);
            say(&number, &[3, 3], dice)
        }
        _ => {
            let text = format!("{}{}", dice.letters(1), dice.digits(8));
            spell(&text, &[3, 3, 3], dice)
        }
    }
}

fn luhn_check(body: &str) -> char {
    let sum: u32 = body
        .chars()
        .rev()
        .enumerate()
        .map(|(place, c)| {
            let digit = c.to_digit(10).unwrap_or(0) * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

/// A number of a known network with its check digit.
pub(crate) fn card(dice: &mut Dice) -> String {
    let (prefix, length) = [
        ("4", 16),
        ("51", 16),
        ("2221", 16),
        ("37", 15),
        ("6011", 16),
        ("36", 14),
        ("4", 13),
        ("62", 19),
    ][dice.below(8)];
    let body = format!("{prefix}{}", dice.digits(length - 1 - prefix.len()));
    let check = luhn_check(&body);
    format!("{body}{check}")
}

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// A number below 100 in words.
pub(crate) fn number_words(n: usize) -> String {
    match n {
        0..=19 => UNITS[n].to_owned(),
        20..=99 if n.is_multiple_of(10) => TENS[n / 10].to_owned(),
        20..=99 => format!("{} {}", TENS[n / 10], UNITS[n % 10]),
        _ => n.to_string(),
    }
}

fn digit_word(c: char, oh: bool) -> &'static str {
    match c.to_digit(10) {
        Some(0) if oh => "oh",
        Some(digit) => UNITS[usize::try_from(digit).unwrap_or(0)],
        None => "",
    }
}

/// Cuts into groups of the lengths, the last repeated.
fn grouped(text: &str, lengths: &[usize], mark: &str) -> String {
    let mut rest = text;
    let mut groups = Vec::new();
    let mut at = 0;
    while !rest.is_empty() {
        let length = lengths[at.min(lengths.len() - 1)].min(rest.len());
        let (group, tail) = rest.split_at(length);
        groups.push(group);
        rest = tail;
        at += 1;
    }
    groups.join(mark)
}

/// Digits in one of the ways that people say and recognisers and writers write them.
pub(crate) fn say(digits: &str, groups: &[usize], dice: &mut Dice) -> String {
    let oh = dice.below(2) == 0;
    let words = |text: &str| {
        text.chars()
            .map(|c| digit_word(c, oh))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let spaced = |text: &str| text.chars().map(String::from).collect::<Vec<_>>().join(" ");
    let parts: Vec<String> = grouped(digits, groups, "|")
        .split('|')
        .map(str::to_owned)
        .collect();
    match dice.below(11) {
        0 => digits.to_owned(),
        1 => parts.join(" "),
        2 => parts.join("-"),
        3 => spaced(digits),
        4 => parts
            .iter()
            .map(|part| spaced(part))
            .collect::<Vec<_>>()
            .join(", "),
        5 => grouped(digits, &[1], "-"),
        6 => words(digits),
        7 => parts
            .iter()
            .map(|part| words(part))
            .collect::<Vec<_>>()
            .join(", "),
        8 => parts
            .iter()
            .map(|part| words(part))
            .collect::<Vec<_>>()
            .join(" uh "),
        9 => pairs(digits),
        _ => repeats(digits, oh),
    }
}

/// `forty one eleven oh five`.
fn pairs(digits: &str) -> String {
    let say_pair = |pair: &str| match pair.parse::<usize>() {
        Ok(n) if pair.len() == 2 && n >= 10 => number_words(n),
        _ => pair
            .chars()
            .map(|c| digit_word(c, true))
            .collect::<Vec<_>>()
            .join(" "),
    };
    grouped(digits, &[2], "|")
        .split('|')
        .map(say_pair)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `double seven`, `triple zero`.
fn repeats(digits: &str, oh: bool) -> String {
    let symbols: Vec<char> = digits.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < symbols.len() {
        let same = symbols[at..]
            .iter()
            .take_while(|c| **c == symbols[at])
            .count()
            .min(3);
        let word = digit_word(symbols[at], oh);
        out.push(match same {
            3 => format!("triple {word}"),
            2 => format!("double {word}"),
            _ => word.to_owned(),
        });
        at += same;
    }
    out.join(" ")
}

/// Letters and digits, written or spelt.
fn spell(text: &str, groups: &[usize], dice: &mut Dice) -> String {
    let spoken = |c: char| match c {
        'A'..='Z' => c.to_string(),
        _ => digit_word(c, false).to_owned(),
    };
    match dice.below(4) {
        0 => text.to_owned(),
        1 => grouped(text, groups, " "),
        2 => text.chars().map(spoken).collect::<Vec<_>>().join(" "),
        _ => text.chars().map(String::from).collect::<Vec<_>>().join(" "),
    }
}

fn expiry(dice: &mut Dice) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (month, year) = (1 + dice.below(12), 26 + dice.below(9));
    match dice.below(6) {
        0 => format!("{month:02}/{year}"),
        1 => format!("{month:02}/20{year}"),
        2 => format!("{} 20{year}", MONTHS[month - 1]),
        3 => format!("{} twenty {}", MONTHS[month - 1], number_words(year)),
        4 if month < 10 => format!("oh {} {}", number_words(month), number_words(year)),
        4 => format!("{} {}", number_words(month), number_words(year)),
        _ => format!("{month}/{year}"),
    }
}

fn mod97(text: &str) -> u64 {
    text.chars().fold(0, |value, c| {
        let digit = u64::from(c.to_digit(36).unwrap_or(0));
        (value * if digit > 9 { 100 } else { 10 } + digit) % 97
    })
}

fn iban(dice: &mut Dice) -> String {
    let (country, body) = match dice.below(3) {
        0 => ("DE", dice.digits(18)),
        1 => ("GB", format!("{}{}", dice.letters(4), dice.digits(14))),
        _ => ("FR", dice.digits(23)),
    };
    let check = 98 - mod97(&format!("{body}{country}00"));
    let text = format!("{country}{check:02}{body}");
    spell(&text, &[4], dice)
}

fn routing(dice: &mut Dice) -> String {
    let body = format!("{}{}", dice.pick(&["02", "11", "12", "31"]), dice.digits(6));
    let weights = [3, 7, 1, 3, 7, 1, 3, 7];
    let sum: u32 = body
        .chars()
        .zip(weights)
        .map(|(c, w)| c.to_digit(10).unwrap_or(0) * w)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn ssn(dice: &mut Dice, itin: bool) -> String {
    if itin {
        format!(
            "9{}{}{}",
            dice.digits(2),
            dice.pick(&["70", "78", "82", "90"]),
            dice.digits(4)
        )
    } else {
        format!(
            "{}{}{}",
            dice.pick(&["078", "219", "457", "512", "123"]),
            10 + dice.below(89),
            1000 + dice.below(8999)
        )
    }
}

fn official(digits: &str, dice: &mut Dice) -> String {
    if dice.below(3) == 0 {
        grouped(digits, &[3, 2, 4], "-")
    } else {
        say(digits, &[3, 2, 4], dice)
    }
}

fn national(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => {
            let number = dice.digits(8);
            let place = usize::try_from(number.parse::<u64>().unwrap_or(0) % 23).unwrap_or(0);
            let letter = char::from(b"TRWAGMYFPDXBNJZSQVHLCKE"[place]);
            spell(&format!("{number}{letter}"), &[8, 1], dice)
        }
        1 => {
            let number = format!(
                "85{:02}{:02}{}",
                1 + dice.below(12),
                1 + dice.below(28),
                dice.digits(3)
            );
            let check = 97 - number.parse::<u64>().unwrap_or(0) % 97;
            say(&format!("{number}{check:02}"), &[6, 3, 2], dice)
        }
        _ => {
            let body = format!(
                "81{:02}{:02}{}",
                1 + dice.below(12),
                1 + dice.below(28),
                dice.digits(3)
            );
            let check = luhn_check(&body);
            say(&format!("{body}{check}"), &[6, 4], dice)
        }
    }
}

fn phone(dice: &mut Dice) -> String {
    let area = dice.pick(&["212", "415", "312", "206", "617"]);
    let number = format!(
        "{area}{}{}",
        dice.pick(&["555", "234", "867"]),
        dice.digits(4)
    );
    match dice.below(5) {
        0 => format!("({area}) {}-{}", &number[3..6], &number[6..]),
        1 => format!("+1 {area} {} {}", &number[3..6], &number[6..]),
        2 => format!("+44 20 7946 {}", dice.digits(4)),
        3 => format!(
            "0{} {} {}",
            dice.pick(&["7700", "7911"]),
            dice.digits(3),
            dice.digits(3)
        ),
        _ => say(&number, &[3, 3, 4], dice),
    }
}

fn email(dice: &mut Dice) -> String {
    let (given, family) = (
        dice.pick(GIVEN).to_lowercase(),
        dice.pick(FAMILY).to_lowercase(),
    );
    let (host, top) = (
        dice.pick(&["example", "gmail", "acme", "hotmail"]),
        dice.pick(&["com", "org", "net"]),
    );
    let number = 10 + dice.below(89);
    match dice.below(6) {
        0 => format!("{given}.{family}@{host}.{top}"),
        1 => format!("{given}{number}@{host}.{top}"),
        2 => format!("{given} dot {family} at {host} dot {top}"),
        3 => format!("{given} {} at {host} dot {top}", number_words(number)),
        4 => format!(
            "{} at {host} dot {top}",
            given
                .chars()
                .map(String::from)
                .collect::<Vec<_>>()
                .join(" ")
        ),
        _ => format!("{given} underscore {family} at {host} dot {top}"),
    }
}

fn url(dice: &mut Dice) -> String {
    let host = dice.pick(&["example", "acmeshop", "bluehouse"]);
    match dice.below(4) {
        0 => format!("https://www.{host}.com/u/{}", dice.digits(4)),
        1 => format!("www.{host}.org"),
        2 => format!("{host}.com"),
        _ => format!("www dot {host} dot com"),
    }
}

fn ip(dice: &mut Dice) -> String {
    let parts: Vec<usize> = (0..4).map(|_| 1 + dice.below(99)).collect();
    match dice.below(3) {
        0 => parts
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join("."),
        1 => parts
            .iter()
            .map(|part| number_words(*part))
            .collect::<Vec<_>>()
            .join(" dot "),
        _ => format!(
            "2001:db8::{:x}:{:x}",
            1 + dice.below(60000),
            1 + dice.below(60000)
        ),
    }
}

fn mac(dice: &mut Dice) -> String {
    let parts: Vec<String> = (0..6).map(|_| format!("{:02x}", dice.below(256))).collect();
    parts.join(dice.pick(&[":", "-"]))
}

fn vin(dice: &mut Dice) -> String {
    let body: Vec<char> = format!(
        "1HG{}{}{}",
        dice.letters(2),
        dice.digits(3),
        dice.letters(2)
    )
    .chars()
    .collect();
    let tail = dice.digits(6);
    let mut text: String = body.iter().take(8).collect();
    text.push('0');
    text.push(body[8]);
    text.push_str(&tail);
    text.push_str(&dice.digits(1));
    text
}

fn birth_date(dice: &mut Dice) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const DAYS: [&str; 19] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
    ];
    let (month, day, year) = (dice.below(12), 1 + dice.below(19), 40 + dice.below(60));
    match dice.below(7) {
        0 => format!("{:02}/{day:02}/19{year}", month + 1),
        1 => format!("19{year}-{:02}-{day:02}", month + 1),
        2 => format!("{} {day}, 19{year}", MONTHS[month]),
        3 => format!(
            "{} {} nineteen {}",
            MONTHS[month],
            DAYS[day - 1],
            number_words(year)
        ),
        4 => format!(
            "{} of {} {}",
            DAYS[day - 1],
            MONTHS[month],
            number_words(year)
        ),
        5 => format!(
            "{} {} nineteen {}",
            number_words(month + 1),
            number_words(day),
            number_words(year)
        ),
        _ => format!("{day} {} 19{year}", MONTHS[month]),
    }
}

const STREETS: &[&str] = &[
    "Oak",
    "Maple",
    "Mission",
    "Birch",
    "Washington",
    "Elm",
    "Willow Creek",
    "King",
    "Fifth",
    "Harbor View",
];
const CITIES: &[&str] = &[
    "Springfield",
    "Riverton",
    "San Francisco",
    "Austin",
    "Portland",
    "New Haven",
    "Chicago",
];

fn address(dice: &mut Dice) -> String {
    let number = 10 + dice.below(89);
    let (street, suffix) = (
        dice.pick(STREETS),
        dice.pick(&["Street", "Avenue", "Lane", "Road", "Drive", "Court"]),
    );
    let city = dice.pick(CITIES);
    let state = dice.pick(&["CA", "TX", "IL", "OR"]);
    match dice.below(5) {
        0 => format!(
            "{number} {street} {suffix}, {city}, {state} {}",
            10000 + dice.below(89999)
        ),
        1 => format!("{number}{} {street} {suffix}, {city}", dice.digits(2)),
        2 => format!(
            "{} {} {street} {suffix} apartment {} {city}",
            number_words(number),
            number_words(10 + dice.below(89)),
            number_words(1 + dice.below(20))
        ),
        3 => format!("{} {street} {suffix}, {city}", number_words(number)),
        _ => format!("{number} {street} {suffix} apt {}", 1 + dice.below(40)),
    }
}

const GIVEN: &[&str] = &[
    "Emily",
    "Daniel",
    "Laura",
    "Marcus",
    "Priya",
    "Thomas",
    "Oluwaseun",
    "Siobhan",
    "Mateusz",
    "Grace",
    "Xiomara",
    "Ingeborg",
];
const FAMILY: &[&str] = &[
    "Carter",
    "Brooks",
    "Bennett",
    "Reed",
    "Nair",
    "Wright",
    "Okonkwo",
    "Kowalczyk",
    "Delacroix",
    "Price",
    "Vandermeer",
    "Thistlewood",
];

fn person(dice: &mut Dice) -> String {
    let family = dice.pick(FAMILY);
    if dice.below(4) == 0 {
        family.to_owned()
    } else {
        format!("{} {family}", dice.pick(GIVEN))
    }
}
