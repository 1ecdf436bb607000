//! The sixth wording: written without a look at what is missed or removed for nothing in the fifth,
//! but for the one closing word that spoilt it, and in no rule's sight since.

pub(super) const OPENERS: &[&str] = &[
    "Morning, customer care, how may I help?",
    "I'm afraid the line is a bit poor, can you hear me all right?",
    "Let me just get your file up on the screen.",
    "You're through to the returns team now.",
    "Thanks for waiting, we had quite a queue today.",
    "So, tell me what went wrong.",
];

pub(super) const CLOSERS: &[&str] = &[
    "Perfect, that matches what we have.",
    "Lovely, I've put it in.",
    "All good, it has been saved.",
    "Thank you, that will do nicely.",
    "There we are, sorted.",
    "Okay, one more moment and you can go.",
];

pub(super) const REPLIES: &[&str] = &[
    "Sure, {}.",
    "It's {} I think.",
    "Oh right, {}",
    "{}. Did you get that?",
    "Erm, {}, yes.",
    "I've written down {}.",
    "Well it was {} when I last looked",
    "Give me a minute. Okay, {}",
    "of course, it's {}",
];

pub(super) const HARMLESS: &[&str] = &[
    "The dishwasher you sold me leaks after {n} minutes.",
    "Only {w} of the {n} boxes were on the van.",
    "The bus replacement on {day} took twice as long.",
    "They took {amount} from us in {month} although we had left by then.",
    "Consignment {order} says delivered but the porch is empty.",
    "I've been on hold for {n} minutes listening to the same tune.",
    "The manual has a chapter {n} that mine lacks.",
    "Can I swap seat {n} for one by the window?",
    "Your shop on the high street shuts at {w} on {day}.",
    "My card was swallowed by the machine, is there a fee?",
    "The email about the offer went to my junk folder.",
    "You sent {w} left shoes.",
    "The broadband drops whenever it rains, roughly {n} times since {month}.",
    "Is the warranty {n} months or {w} years?",
    "I had hoped to pay {amount} less than last year.",
    "Nobody told me that the appointment had been moved to {day}.",
    "We're {w} people in the house and only one router.",
    "The display shows error {n} and then nothing.",
    "How do I change the phone that gets the codes?",
    "I paid {amount} at the till and have the receipt.",
    "Reference {order} is on the letter, if that helps.",
    "The number of complaints on your page is rising.",
    "The bank says you'd already sent it back.",
    "Who do I write to about the noise from the building site?",
    "It should be on page {n} of the booklet.",
    "Doctor's orders, I can't lift more than {n} kilos.",
];

/// Questions of the agent, and statements with a place for the secret.
#[expect(clippy::too_many_lines, reason = "one table, a row for each type")]
pub(super) fn carriers(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "card" => (
            &[
                "Which card would you like to use today?",
                "Could you give me the long number across the front?",
                "May I take your card number?",
            ],
            &[
                "Charge it to my Visa, {}.",
                "The card's number is {}.",
                "My new credit card is {}.",
                "Please remove {} from my account, that card is gone.",
                "I tried paying with card {} and it hung.",
            ],
        ),
        "card_bare" => (
            &[],
            &[
                "It only said {} on the slip.",
                "Look, {}.",
                "They keep asking me for {}, no idea why.",
                "{} is what I typed.",
            ],
        ),
        "cvv" => (
            &[
                "And the three numbers on the back?",
                "What is the card's security code?",
                "Could I have the CVV too?",
                "Now the code next to the signature, please.",
            ],
            &[
                "The security code is {}.",
                "CVV is {}.",
                "The three on the back are {}.",
                "My card's verification code is {}.",
                "cvc: {}",
            ],
        ),
        "expiry" => (
            &[
                "When does your card expire?",
                "What's the expiry date on it?",
                "And it's valid till when?",
            ],
            &[
                "Expires {}.",
                "The expiry date is {}.",
                "Good through {}.",
                "exp {}",
                "The card is valid until {}.",
            ],
        ),
        "iban" => (
            &["What IBAN should the refund go to?", "May I have the IBAN?"],
            &[
                "My IBAN is {}.",
                "Please transfer to IBAN {}.",
                "The refund goes to {}.",
                "iban {}",
            ],
        ),
        "bank_account" => (
            &[
                "What's your bank account number?",
                "Which account do you want it paid to?",
            ],
            &[
                "My account number is {}.",
                "Bank account {} is the right one.",
                "It should be paid into account number {}.",
                "acct {}",
                "The old bank account was {}.",
            ],
        ),
        "routing" => (
            &[
                "What's the routing number?",
                "And the routing number on the cheque?",
            ],
            &[
                "The routing number is {}.",
                "Routing {}.",
                "It says routing number {} at the bottom.",
                "aba number {}",
            ],
        ),
        "sort_code" => (
            &["And the sort code?", "Can you tell me the sort code?"],
            &[
                "The sort code is {}.",
                "Sort code {}.",
                "It's sort code {}.",
                "Our sort code has always been {}.",
            ],
        ),
        "ssn" => (
            &[
                "Can you confirm your social security number?",
                "What is your SSN?",
            ],
            &[
                "My social security number is {}.",
                "SSN {}.",
                "The social I gave you was {}.",
                "My SSN's {}, I'm sure.",
            ],
        ),
        "itin" => (
            &[
                "Do you have an ITIN?",
                "What's your individual taxpayer number?",
            ],
            &[
                "ITIN {}.",
                "The ITIN is {}.",
                "I file with ITIN {}.",
                "My taxpayer ID is {}.",
            ],
        ),
        "nino" => (
            &[
                "What's your national insurance number?",
                "May I have your NI number?",
            ],
            &[
                "My national insurance number is {}.",
                "NI number {}.",
                "It's on my P60, national insurance number {}.",
                "ni no {}",
            ],
        ),
        "passport" => (
            &[
                "What's your passport number?",
                "Which number does the passport carry?",
            ],
            &[
                "Passport number {}.",
                "My passport is {}.",
                "The passport number reads {}.",
                "I renewed it, passport no. {}.",
            ],
        ),
        "licence" => (
            &[
                "What's your driver's license number?",
                "Could you read me your driving licence number?",
            ],
            &[
                "My license number is {}.",
                "Driving licence {}.",
                "My driver's license number is {}.",
                "The rental desk wrote down licence {}.",
            ],
        ),
        "national_id" => (
            &[
                "What's your national identity number?",
                "Which ID number do you have there?",
            ],
            &[
                "My national ID number is {}.",
                "The identity card says {}.",
                "My ID number is {}.",
                "national identification number {}",
            ],
        ),
        "phone" => (
            &["What's your phone number?", "How can we call you back?"],
            &[
                "My number is {}.",
                "You can reach me at {}.",
                "Call me back on {}.",
                "tel {}",
                "My mobile's {}.",
            ],
        ),
        "email" => (
            &["What's your email address?", "Where shall I mail the form?"],
            &[
                "My email address is {}.",
                "Mail it to {}.",
                "You have {} for me.",
                "e-mail: {}",
            ],
        ),
        "url" => (
            &["Which website was it?", "Where did you see that offer?"],
            &[
                "I saw it on {}.",
                "The website is {}.",
                "Your link {} is dead.",
                "It was at {} this morning.",
            ],
        ),
        "ip" => (
            &[
                "What's your IP address?",
                "Which address does the router show?",
            ],
            &[
                "My IP address is {}.",
                "The router is on {}.",
                "We're blocked from {}.",
                "ip {}",
            ],
        ),
        "mac" => (
            &[
                "What's the MAC address of the device?",
                "Can you read the hardware address?",
            ],
            &[
                "The MAC address is {}.",
                "It says MAC {} underneath.",
                "hw addr {}",
                "The new box has {}.",
            ],
        ),
        "plate" => (
            &[
                "What's the registration of the car?",
                "Which number plate is it?",
            ],
            &[
                "My registration is {}.",
                "The license plate is {}.",
                "number plate {}",
                "I parked the car with plate {}.",
                "The other driver's plate was {}.",
            ],
        ),
        "vin" => (
            &[
                "What's the vehicle identification number?",
                "Do you have the VIN to hand?",
            ],
            &[
                "The VIN is {}.",
                "Vehicle identification number {}.",
                "My VIN reads {}.",
                "vin: {}",
            ],
        ),
        "birth_date" => (
            &[
                "Can I take your date of birth?",
                "What's your birthday?",
                "Your date of birth for security?",
            ],
            &[
                "My date of birth is {}.",
                "I was born {}.",
                "Date of birth: {}",
                "dob is {}",
                "Her birthday's {}.",
            ],
        ),
        "age" => (
            &[
                "May I ask your age?",
                "How old is she now?",
                "What's your age?",
            ],
            &[
                "I'm {} years old.",
                "She is {} and lives alone.",
                "I turned {} in spring.",
                "My father's {}.",
                "He's {} now.",
                "At {} years of age you'd think I knew.",
                "The child is {}.",
                "I am {} and retired.",
            ],
        ),
        "address" => (
            &[
                "What's your address?",
                "Where should the parcel go?",
                "Can you confirm the address on file?",
            ],
            &[
                "I live at {}.",
                "Deliver it to {}.",
                "My new address is {}.",
                "It's {}, round the back.",
                "We are at {} these days.",
            ],
        ),
        "person" => (
            &[
                "Who am I speaking to?",
                "Can I take your full name?",
                "What name is the account under?",
                "Which adviser did you speak to?",
            ],
            &[
                "I'm {}.",
                "My name is {}.",
                "It was {} who promised it.",
                "You're speaking with {}.",
                "Please book it for {}.",
                "My husband {} has the papers.",
                "Thanks, {}",
                "I spoke with {} on the phone.",
                "Is {} in today?",
                "The letter was signed by {}.",
            ],
        ),
        "username" => (
            &["What's your user name?", "Which login do you use?"],
            &[
                "My user name is {}.",
                "The username is {}.",
                "I sign in with {}.",
                "user: {}",
            ],
        ),
        "password" => (
            &["What password did you set?", "What's the password?"],
            &[
                "The password is {}.",
                "My password was {}.",
                "I changed the password to {}.",
                "password: {}",
            ],
        ),
        "pin" => (
            &["What's the PIN?", "Could you enter or say your PIN?"],
            &[
                "My PIN is {}.",
                "The PIN number is {}.",
                "pin: {}",
                "I set the PIN to {}.",
            ],
        ),
        _ => (
            &[
                "What's your member ID?",
                "Do you have your medical record number?",
            ],
            &[
                "My member ID is {}.",
                "Medical record number {}.",
                "My patient number is {}.",
                "mrn {}",
                "The insurance card has member ID {}.",
            ],
        ),
    }
}
