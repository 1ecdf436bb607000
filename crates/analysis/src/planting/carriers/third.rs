//! The third wording: written after the rules had been repaired with the second.

pub(super) const OPENERS: &[&str] = &[
    "You've come through to bookings, how may I be of service?",
    "Thanks for holding, what's going on?",
    "Hello again, we spoke earlier I think.",
    "Let's get this fixed for you.",
    "Okay, the system is being slow today.",
];

pub(super) const CLOSERS: &[&str] = &[
    "Wonderful, saved.",
    "Ta, that's in.",
    "I've popped it in the notes.",
    "All done, you'll hear from us shortly.",
    "Super, moving on then.",
];

pub(super) const REPLIES: &[&str] = &[
    "That'd be {}.",
    "Hmm, {} if memory serves.",
    "{} is what I've written down.",
    "Give me a tick. {}",
    "Of course: {}",
    "You want {}.",
];

pub(super) const HARMLESS: &[&str] = &[
    "Our boiler is {w} years past its best and rattles like mad.",
    "I waited from {n} until noon and nobody rang the bell.",
    "Half of the {amount} flyers were printed upside down.",
    "Since {month} the app crashes {n} times a day.",
    "Basket {order} keeps emptying itself.",
    "There are {w} of us and only {n} seats were booked.",
    "The discount should have been {n} percent, not {w}.",
    "Would {day} the following week suit you instead?",
    "That's {amount} pounds more than your competitor wants.",
    "I'd give it {n} stars if I could.",
    "The parcel was left with a neighbour on {day}.",
    "My neighbours pay {amount} a quarter for the very same tariff.",
    "Row {n} was freezing and the film started late.",
    "Please take me off the list, I've asked {w} times.",
];

/// Questions of the agent, and statements with a place for the secret.
#[expect(clippy::too_many_lines, reason = "one table, a row for each type")]
pub(super) fn carriers(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "card" => (
            &[
                "What's embossed across your card?",
                "Read me the big number off it, your Visa I mean.",
            ],
            &[
                "You can take it from {}, that's my Mastercard.",
                "Debit {} if you don't mind.",
                "the one I always use is {}",
            ],
        ),
        "card_bare" => (
            &[],
            &[
                "It reads {} at the top.",
                "then {} showed up",
                "What's this, {}?",
            ],
        ),
        "cvv" => (
            &[
                "Could you turn the card around and give me the tiny digits?",
                "What's your card's three digit security number?",
            ],
            &[
                "The tiny digits on the rear are {}.",
                "its cvv would be {}",
                "For the security code try {}.",
                "The CVC reads {}.",
            ],
        ),
        "expiry" => (
            &["How long is your card valid?", "And the date it expires?"],
            &[
                "It's valid up to {}.",
                "the card will expire {}",
                "Expiry's {}.",
                "Under valid thru there's {}.",
            ],
        ),
        "iban" => (
            &["Which IBAN belongs to you?", "And the IBAN of the payee?"],
            &[
                "Remit to IBAN {}.",
                "They paid into {} last time.",
                "the iban reads {}",
            ],
        ),
        "bank_account" => (
            &[
                "Which account number do we collect from?",
                "What's the number of your current account?",
            ],
            &[
                "Collect it from my current account, {}.",
                "Account number's {}.",
                "pay into acct {}",
            ],
        ),
        "routing" => (
            &["And the bank's routing number?", "ABA, please?"],
            &[
                "Routing's {}.",
                "The ABA routing number would be {}.",
                "routing {}",
            ],
        ),
        "sort_code" => (
            &["And the sort code for that?", "Which sort code?"],
            &[
                "With sort code {}.",
                "the sort code I have is {}",
                "Sort code: {}",
            ],
        ),
        "ssn" => (
            &["What's your SSN?", "Could you confirm the social for me?"],
            &[
                "Social is {}.",
                "My SSN happens to be {}.",
                "they want my social security number, it's {}",
            ],
        ),
        "itin" => (
            &[
                "Your ITIN?",
                "What taxpayer identification number should I file this under?",
            ],
            &[
                "The ITIN I was issued is {}.",
                "File it under ITIN {}.",
                "tax id {}",
            ],
        ),
        "nino" => (
            &["And your national insurance number?", "NI number please?"],
            &[
                "NINO's {}.",
                "It says national insurance number {} here.",
                "ni no. {}",
            ],
        ),
        "passport" => (
            &[
                "What does your passport say for the number?",
                "Passport number?",
            ],
            &[
                "My passport's number is {}.",
                "Booked under passport {}.",
                "passport no {}",
            ],
        ),
        "licence" => (
            &[
                "Driver's licence number?",
                "What's on the driving license, the number?",
            ],
            &[
                "The driving licence number is {}.",
                "I drive on licence {}.",
                "license number: {}",
            ],
        ),
        "national_id" => (
            &[
                "And the national identity number?",
                "What's your ID number?",
            ],
            &[
                "My national id reads {}.",
                "The id number is {}.",
                "identity card {}",
            ],
        ),
        "phone" => (
            &[
                "What's your telephone number?",
                "And a mobile for the courier?",
            ],
            &[
                "My mobile's {}.",
                "Call {} please.",
                "You'll get me on {}.",
                "phone {}",
            ],
        ),
        "email" => (
            &["What's your e-mail?", "Where do we mail the voucher?"],
            &["Forward it to {}.", "I'm on {}.", "My e-mail's {}."],
        ),
        "url" => (
            &["Which site was it?", "Where did you order, which web page?"],
            &[
                "It was on {}.",
                "I clicked {} and got nothing.",
                "The page is {}.",
            ],
        ),
        "ip" => (
            &[
                "What's the address of the printer on the network?",
                "And the IP?",
            ],
            &[
                "It answers at {}.",
                "The server's IP is {}.",
                "ping {} fails",
            ],
        ),
        "mac" => (
            &[
                "What's the MAC on the box?",
                "Could you read the hardware address?",
            ],
            &["The box has MAC {}.", "It's {} on the label.", "mac: {}"],
        ),
        "plate" => (
            &[
                "What's your number plate?",
                "Which vehicle, the registration please?",
            ],
            &[
                "I drive {}, that's the registration.",
                "My number plate reads {}.",
                "The van with plate {} is ours.",
                "reg number {}",
            ],
        ),
        "vin" => (
            &[
                "And the VIN?",
                "What does the logbook say for chassis number?",
            ],
            &["VIN's {}.", "The logbook says {}.", "chassis no {}"],
        ),
        "birth_date" => (
            &[
                "Your date of birth?",
                "When's your birthday, year as well please?",
            ],
            &[
                "I was born {}.",
                "Date of birth: {}",
                "My wife was born on {}.",
                "My d.o.b. would be {}.",
            ],
        ),
        "age" => (
            &["What's your age?", "How old is your daughter?"],
            &[
                "My grandfather is {} years old.",
                "I'm {} now.",
                "She'll turn {} in June.",
                "I have a son aged {}.",
                "age {}",
            ],
        ),
        "address" => (
            &[
                "What's your postal address?",
                "Where shall we send the technician?",
            ],
            &[
                "I live at {}.",
                "Our new house is {}.",
                "Post it to {}.",
                "The address reads {}.",
            ],
        ),
        "person" => (
            &[
                "Could I take your name?",
                "Who am I talking to?",
                "And the patient's name?",
            ],
            &[
                "This is {} calling.",
                "My name's {}.",
                "I was served by {}.",
                "Ask for {} at the desk.",
                "Yours sincerely, {}",
            ],
        ),
        "username" => (
            &["What's your user name?", "And your login?"],
            &[
                "My login's {}.",
                "I registered with the username {}.",
                "user: {}",
            ],
        ),
        "password" => (
            &[
                "What's your password then?",
                "Which password does it refuse?",
            ],
            &[
                "I keep typing {} but the password is refused.",
                "Try the password {}.",
                "password's {}",
            ],
        ),
        "pin" => (
            &["And your PIN?", "Which pin did you pick?"],
            &[
                "The pin's {}.",
                "I was given PIN {}.",
                "My PIN used to be {}.",
            ],
        ),
        _ => (
            &[
                "What's the medical record number?",
                "And your member number with the health plan?",
            ],
            &[
                "My NHS number reads {}.",
                "The patient number is {}.",
                "Under member id you'll find {}.",
                "mrn {}",
            ],
        ),
    }
}
