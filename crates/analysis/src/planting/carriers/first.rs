//! The first wording: what the rules were written and tuned with.

pub(super) const OPENERS: &[&str] = &[
    "Thank you for calling, how can I help you today?",
    "Good morning, you have reached customer care.",
    "I see. Let me look that up for you.",
    "Sorry to keep you waiting.",
    "Sure, I can help with that.",
    "Before we go on I have to verify a few things.",
];

pub(super) const CLOSERS: &[&str] = &[
    "Thank you, that is all I need.",
    "Perfect, I have updated it. Anything else?",
    "Great, it will take three to five business days.",
    "One moment please while I check.",
    "Thanks, the refund of 84 dollars is on its way.",
    "Okay, got it.",
];

pub(super) const REPLIES: &[&str] = &[
    "{}",
    "It's {}.",
    "Sure, it is {}.",
    "Yes, {}.",
    "Um, {}",
    "Okay so that would be {} thanks",
    "Let me see, {}.",
];

pub(super) const HARMLESS: &[&str] = &[
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
pub(super) fn carriers(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
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
