//! The fifth wording: written before anything that the fourth had missed was looked at, held out
//! for one measurement, then repaired with.

pub(super) const OPENERS: &[&str] = &[
    "Evening, you've come through to accounts.",
    "Welcome back, what would you like to sort out today?",
    "Bear with me, the previous caller's page is still open.",
    "Right, I have pulled everything up. Go ahead.",
    "Hiya, what brings you to us?",
    "You are now connected with our specialist.",
];

pub(super) const CLOSERS: &[&str] = &[
    "Brilliant, nothing else is missing.",
    "That has gone through without a hitch.",
    "Give it a second to refresh, please.",
    "Noted, I'll pass it along.",
    "Okey doke, that's us done.",
    "Cheers for that. The rest is on our side.",
];

pub(super) const REPLIES: &[&str] = &[
    "Yep, that'd be {}.",
    "Hold on a sec, I've got it somewhere... {}",
    "I believe {} but do check.",
    "{}, same as always.",
    "Ready? {}.",
    "According to the letter, {}",
    "That one is {}",
    "no problem, {}",
    "Well, {} is all I have.",
];

pub(super) const HARMLESS: &[&str] = &[
    "The lift in our block has been out since {day}, that's {n} floors on foot.",
    "Our subscription jumped to {amount} in {month} and nobody warned us.",
    "Half of the {w} chairs came without screws.",
    "Parcel {order} went to the depot twice already.",
    "You close at {n} on {day}, don't you?",
    "There were {n} people ahead of me and only {w} counters open.",
    "The thermostat drops by {w} degrees every night.",
    "A return label for job {order} never reached me.",
    "I'd rather pay {amount} upfront than {n} instalments.",
    "We have been with you for {w} years, surely that counts for something.",
    "Gate {n} was changed to gate {w} at the last minute.",
    "The invoice lists {n} litres but the tank only takes {w}.",
    "On page {n} it says the trial is free until {month}.",
    "My son's school wants {w} copies of the form by {day}.",
    "Does the plan include {amount} minutes or is it unlimited?",
    "Platform {n} is closed for repairs.",
    "I lost my card on {day}, can you block it?",
    "Which number on the back do I phone when I'm abroad?",
    "I was told to update my address and forgot.",
    "Your app logs me out every {w} minutes.",
    "The engineer should bring {n} metres of cable.",
    "We cancelled room {n} and rebooked for {month}.",
    "Is the price per person or for all {w} of us?",
    "The alarm went off at {n} in the morning again.",
    "Somebody quoted {order} as the case but that isn't mine.",
    "They changed the name of the tariff, not the price.",
];

/// Questions of the agent, and statements with a place for the secret.
#[expect(clippy::too_many_lines, reason = "one table, a row for each type")]
pub(super) fn carriers(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "card" => (
            &[
                "Let's settle it now, which card shall I use?",
                "Read out the digits embossed on the front, whenever you're ready.",
                "What's the number of your credit card?",
            ],
            &[
                "Use my Amex for that, {}.",
                "The debit card I pay with is {}.",
                "Card details: {}",
                "I keep getting declined with {}, my only credit card.",
                "You may put the whole lot on {}, it's a Mastercard.",
            ],
        ),
        "card_bare" => (
            &[],
            &[
                "He wrote {} on a napkin.",
                "Here you go: {}",
                "All the form says is {} then.",
                "{} and that's everything.",
            ],
        ),
        "cvv" => (
            &[
                "And the small code printed by the stripe?",
                "Can I get the security number off the back as well?",
                "Last thing, the CVV please.",
                "Which three digits do you see on the flip side of the card?",
            ],
            &[
                "The CVC says {}.",
                "Security code of that card is {}.",
                "On the reverse there's {}.",
                "cvv {}",
                "and the little number on the back reads {}",
            ],
        ),
        "expiry" => (
            &[
                "Until when is the card good?",
                "And its expiry?",
                "What month and year does it run out?",
            ],
            &[
                "It expires {}.",
                "My card runs until {}.",
                "The expiry on it reads {}.",
                "valid thru {}",
                "They'll send a new one since this card ends {}.",
            ],
        ),
        "iban" => (
            &[
                "Could you spell out your IBAN for me?",
                "Where in Europe do we wire it?",
            ],
            &[
                "Wire it to {}, please.",
                "IBAN: {}",
                "The account in Berlin has {}.",
                "Mine starts here: {}.",
            ],
        ),
        "bank_account" => (
            &[
                "What account number do we pay into?",
                "Which checking account shall the money go to?",
            ],
            &[
                "My savings account is {}.",
                "Account no. {}",
                "Pay it into my bank account, that's {}.",
                "The account number I had with you was {}.",
                "Could you debit {} instead, my other bank account?",
            ],
        ),
        "routing" => (
            &[
                "Which routing number does your bank have?",
                "And the ABA number?",
            ],
            &[
                "Routing number's {}.",
                "My bank uses {} as its routing number.",
                "ABA routing {}",
                "For wires the routing number is {}.",
            ],
        ),
        "sort_code" => (
            &["What's your sort code?", "Sort code first, please."],
            &[
                "Sort code's {}.",
                "The sort code of my branch is {}.",
                "My sort code: {}",
                "{} is the sort code.",
            ],
        ),
        "ssn" => (
            &[
                "What's your social?",
                "For the credit check I'd need your social security number.",
            ],
            &[
                "My social is {}.",
                "Social security number: {}",
                "They asked for my SSN which is {}.",
                "{} would be my social security number.",
            ],
        ),
        "itin" => (
            &["What ITIN were you assigned?", "And your taxpayer number?"],
            &[
                "My ITIN is {}.",
                "Taxpayer identification number {}.",
                "I don't have a social, my ITIN's {}.",
                "tax id {}",
            ],
        ),
        "nino" => (
            &["What's your NI number?", "And national insurance, please?"],
            &[
                "National insurance {}.",
                "My NI number is {}.",
                "The payslip gives {} as my NI number.",
                "NINO {}",
            ],
        ),
        "passport" => (
            &[
                "Which passport will you travel on, what's its number?",
                "Passport number, please?",
            ],
            &[
                "My passport number's {}.",
                "I travel with passport {}.",
                "passport: {}",
                "The number in my passport reads {}.",
            ],
        ),
        "licence" => (
            &[
                "What's on your driving licence, the number I mean?",
                "Driver's license number?",
            ],
            &[
                "My driver's license is {}.",
                "Licence number {}.",
                "The DMV gave me license {}.",
                "My driving licence number reads {}.",
            ],
        ),
        "national_id" => (
            &[
                "What's the number on your identity card?",
                "May I have your national ID?",
            ],
            &[
                "My ID card number is {}.",
                "National ID: {}",
                "My identity number is {}.",
                "My personal identification number back home is {}.",
            ],
        ),
        "phone" => (
            &[
                "What's a good number to ring you on?",
                "Which phone should we text?",
            ],
            &[
                "My cell is {}.",
                "Ring me on {} any time.",
                "You'll get hold of my wife at {}.",
                "phone {}",
                "The number I'm calling from is {}.",
            ],
        ),
        "email" => (
            &["Which email should it go to?", "What's your e-mail?"],
            &[
                "Drop me a line at {}.",
                "My email's {}.",
                "It should go to {} from now on.",
                "email {}",
            ],
        ),
        "url" => (
            &["Which page are you on?", "What's the web address?"],
            &[
                "The page {} won't load.",
                "I bought it on {} in spring.",
                "It redirects to {} each time.",
                "link: {}",
            ],
        ),
        "ip" => (
            &["Which IP do you get?", "What's the address of the server?"],
            &[
                "My IP is {}.",
                "The printer sits at {}.",
                "The log shows {} all night.",
                "address {}",
            ],
        ),
        "mac" => (
            &[
                "What's the MAC of that box?",
                "Which hardware address is it?",
            ],
            &[
                "The MAC reads {}.",
                "On the sticker it says {}.",
                "mac address {}",
                "Filter out {}, that's the old tablet.",
            ],
        ),
        "plate" => (
            &[
                "What's the plate of your vehicle?",
                "And the car's registration?",
            ],
            &[
                "I drive the one with plate {}.",
                "My plate number's {}.",
                "The reg is {}.",
                "Car registration: {}",
                "A van, plate {}, blocked the drive.",
            ],
        ),
        "vin" => (
            &["What's the chassis number?", "Could you read me the VIN?"],
            &[
                "VIN {}.",
                "The chassis number is {}.",
                "The windscreen has {} as VIN.",
                "The VIN of the truck is {}.",
            ],
        ),
        "birth_date" => (
            &[
                "And your birth date?",
                "What's your date of birth, please?",
                "When were you born?",
            ],
            &[
                "Born {}.",
                "My birthday is {}.",
                "DOB {}",
                "I was born on {}, in Leeds.",
                "My son's date of birth is {}.",
            ],
        ),
        "age" => (
            &[
                "How old are you?",
                "What age is the driver?",
                "And your age, please?",
            ],
            &[
                "I'm {}.",
                "I'll be {} in May.",
                "My wife is {}.",
                "She's {} years old and on her own.",
                "He is a {} year old boy.",
                "My mother, who is {}, fell last week.",
                "Aged {}, if it matters.",
                "I'm already {} and still working.",
            ],
        ),
        "address" => (
            &[
                "Where do you live?",
                "What's your home address?",
                "Which address is it going to?",
            ],
            &[
                "My address is {}.",
                "We've moved to {}.",
                "The flat is at {}.",
                "Send the engineer to {}.",
                "Ship it to {} please.",
            ],
        ),
        "person" => (
            &[
                "And you are?",
                "What's your name, please?",
                "Under which name did you book?",
                "Who did you deal with last time?",
            ],
            &[
                "My name's {}.",
                "This is {} calling about my order.",
                "A colleague of yours called {} helped me.",
                "It's {} again.",
                "Could you put me through to {}?",
                "The contract is in the name of {}.",
                "My wife {} will pick it up.",
                "Regards, {}",
                "Ask {} if you don't believe me.",
                "Your technician {} left the door open.",
            ],
        ),
        "username" => (
            &["What's your username?", "Which user ID do you log in with?"],
            &[
                "My username is {}.",
                "I log in as {}.",
                "login {}",
                "The account's user name should be {}.",
            ],
        ),
        "password" => (
            &["And the password?", "What is the password you're trying?"],
            &[
                "My password is {}.",
                "I used {} as my password.",
                "pw: {}",
                "The password for the portal was {}.",
            ],
        ),
        "pin" => (
            &["What's your PIN?", "And the four or six digit PIN?"],
            &[
                "The pin is {}.",
                "My PIN code's {}.",
                "PIN {}",
                "I keep entering {} as my PIN.",
            ],
        ),
        _ => (
            &[
                "Which member ID is on your insurance card?",
                "What's your patient number?",
            ],
            &[
                "My patient ID is {}.",
                "Member number {}.",
                "The hospital knows me as patient {}.",
                "MRN: {}",
                "My health insurance ID is {}.",
            ],
        ),
    }
}
