//! The fourth wording: written before anything that the third had missed was looked at, held out
//! for two measurements, then repaired with.

pub(super) const OPENERS: &[&str] = &[
    "Sorry to have kept you on hold, what's been happening?",
    "You've reached the service desk, fire away.",
    "I can see your last order here, is it about that one?",
    "Thanks for your patience, our systems are slow this morning.",
    "Before we start, could you say in a few words what you need?",
    "Chat started. Somebody will be with you shortly.",
];

pub(super) const CLOSERS: &[&str] = &[
    "Super, the form has accepted it.",
    "Thanks, that is in the file now.",
    "One tick while this loads.",
    "Good stuff, we're nearly there.",
    "Right you are, I'll put a note on it.",
    "Fantastic. It may take an hour until you see the change.",
];

pub(super) const REPLIES: &[&str] = &[
    "Let me look... {}",
    "Yeah it's {}, as far as I remember",
    "Hang on, I'm reading it off: {}.",
    "{} it says here",
    "Oh, that. {}",
    "So I have {}, does that look right?",
    "Um, {} I'd say.",
    "sure thing: {}",
    "{}, and please hurry, my bus is coming.",
];

pub(super) const HARMLESS: &[&str] = &[
    "The washing machine stops with {n} minutes left on the clock.",
    "We ordered {w} tiles and {n} of them were cracked.",
    "Your website wanted {amount} for a part that costs half of that elsewhere.",
    "I waited from {n} until closing time on {day}.",
    "Ticket {order} is still open even though nobody has looked at it since {month}.",
    "The leaflet promised a discount of {n} percent for new households.",
    "My bill was {amount} in {month} and now it is twice as much.",
    "It's the {w} pack I bought, not the single one.",
    "Bus {n} no longer stops outside our building.",
    "They sent {w} invoices for the same job.",
    "Could you move my appointment from {day} to the following week?",
    "The boiler shows fault {n} and then goes quiet.",
    "Each box holds {w} bottles, I think we need {n} boxes.",
    "We're after a table for {w} people on {day} evening.",
    "Your queue told me I was number {n} for half an hour.",
    "The parcel weighed {amount} grams according to the label.",
    "I've read chapter {n} of the handbook and it doesn't mention it.",
    "The film starts at {n} and we would like seats in row {w}.",
    "The update took {n} hours and deleted my playlists.",
    "A colleague of yours said to quote reference {order}.",
    "Is it true that the warranty lasts {w} years?",
    "My new card has not arrived yet, should I worry?",
    "What does the security code protect me from?",
    "I changed my address online last week and it worked fine.",
    "The door code stopped working after the storm.",
    "Her name was spelt wrong on the parcel, that's all.",
];

/// Questions of the agent, and statements with a place for the secret.
#[expect(clippy::too_many_lines, reason = "one table, a row for each type")]
pub(super) fn carriers(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "card" => (
            &[
                "I can take that payment now, please read me the big number across the card.",
                "Which Visa did you want to use for this?",
                "Could you give me the full sixteen digits?",
            ],
            &[
                "You can charge it to {}, it's a Visa.",
                "I'd like to swap my payment method to {}.",
                "My Mastercard has {} on it.",
                "Right then, paying with {}",
                "the card we used last time was {}",
                "Take it off the company credit card, {}.",
            ],
        ),
        "card_bare" => (
            &[],
            &[
                "The email only contains {} and nothing else.",
                "I typed {} and it beeped.",
                "{} is what I was told to say.",
                "So, {}. Got it?",
            ],
        ),
        "cvv" => (
            &[
                "And what's the short number behind the signature?",
                "Turn the card around, there should be three digits on the right.",
                "The system also wants the CVC.",
                "Can you read me the last bit, the check digits on the rear side?",
                "What security code does it have?",
            ],
            &[
                "The three numbers behind are {}.",
                "On the rear it's {}.",
                "And {} for the security code.",
                "Its CVV would be {}.",
                "Card check number, let me see, {}.",
                "the back says {}",
                "Three digit security number: {}",
            ],
        ),
        "expiry" => (
            &[
                "When does the card stop working?",
                "And how long is the card valid for?",
                "What date is on the front of the card, month first?",
                "Expiration, please?",
            ],
            &[
                "It's valid till {}.",
                "The card is fine up to {}.",
                "It doesn't expire before {}.",
                "The date on the front of the card is {}.",
                "Good until {} if I see that right.",
                "My debit card stops working in {}.",
                "exp {}",
            ],
        ),
        "iban" => (
            &[
                "For the transfer I'd need your IBAN.",
                "Which account abroad does the payout go to?",
            ],
            &[
                "My bank abroad gave me {}.",
                "Please pay it out to {}.",
                "the IBAN on my statement is {}",
                "You'd have to transfer to {}.",
            ],
        ),
        "bank_account" => (
            &[
                "What's the number of the account you'd like us to refund?",
                "Which bank account should the salary go into?",
            ],
            &[
                "The account you debit is {}.",
                "My current account's number is {}.",
                "Refund it to my account, {}.",
                "bank acc {}",
                "My wages go into account number {}.",
            ],
        ),
        "routing" => (
            &[
                "And the routing code of the bank?",
                "What are the nine digits at the bottom left of the check, the routing number?",
            ],
            &[
                "The routing number printed on my checks is {}.",
                "It has {} for routing.",
                "My credit union's ABA is {}.",
                "routing: {}",
            ],
        ),
        "sort_code" => (
            &[
                "I need the sort code as well.",
                "And the branch, which sort code is that?",
            ],
            &[
                "The sort code is {}.",
                "It's {} for the sort code.",
                "sort code {}",
                "My sort code would be {} then.",
            ],
        ),
        "ssn" => (
            &[
                "Could you verify your social security number?",
                "What social do we have to put on the form?",
            ],
            &[
                "My social security is {}.",
                "Sure, {} is my social.",
                "I gave them my SSN, {}, already.",
                "My husband's social security number would be {}.",
                "ssn {}",
            ],
        ),
        "itin" => (
            &[
                "Do you file with an ITIN?",
                "What's your tax identification number?",
            ],
            &[
                "I file under ITIN {}.",
                "My tax id happens to be {}.",
                "The tax office sent me number {} as my ITIN.",
                "ITIN = {}",
            ],
        ),
        "nino" => (
            &[
                "Can I take your national insurance number?",
                "And what does it say under NI?",
            ],
            &[
                "NI is {}.",
                "My National Insurance number would be {}.",
                "It's {}, my national insurance I mean.",
                "ni no: {}",
            ],
        ),
        "passport" => (
            &[
                "What's the passport's number?",
                "For the booking I need the document number of your passport.",
            ],
            &[
                "My new passport has number {}.",
                "The passport I renewed is {}.",
                "It says {} in my passport.",
                "passport no {}",
            ],
        ),
        "licence" => (
            &[
                "And your driving licence number for the rental?",
                "What's the number of your driver's license?",
            ],
            &[
                "On my driving licence it says {}.",
                "The license number is {}.",
                "I drive on licence {}.",
                "My old license was {} before I moved.",
                "drivers license {}",
            ],
        ),
        "national_id" => (
            &[
                "What's your identity number?",
                "Could you read me the number on your national ID card?",
            ],
            &[
                "The number on my ID is {}.",
                "My national identity number's {}.",
                "At home my personal number is {}.",
                "identity card: {}",
            ],
        ),
        "phone" => (
            &[
                "On what number do we reach you during the day?",
                "Could you leave me a number?",
                "And your mobile?",
            ],
            &[
                "Try me on {} after lunch.",
                "My landline is {}.",
                "You have my old number, the new one is {}.",
                "the plumber should phone {} first",
                "My daughter can be reached under {}.",
            ],
        ),
        "email" => (
            &[
                "And what's the best email?",
                "Where do we mail the receipt?",
            ],
            &[
                "Put {} as the contact please.",
                "I write from {} usually.",
                "My work mail is {}.",
                "send to {}",
                "The account is registered with {}.",
            ],
        ),
        "url" => (
            &["Which site was it?", "What does the address bar say?"],
            &[
                "I clicked on {} and got stuck.",
                "My shop is at {}.",
                "There's a form under {} that fails.",
                "see {}",
            ],
        ),
        "ip" => (
            &[
                "What address does the router have?",
                "Can you tell me the IP you see there?",
            ],
            &[
                "It pings {} without an answer.",
                "The camera was given {}.",
                "Somebody at {} tried to log in.",
                "ip is {}",
            ],
        ),
        "mac" => (
            &[
                "What's printed next to MAC?",
                "Could you give me the physical address of the network card?",
            ],
            &[
                "The label reads {}.",
                "Its MAC is {}.",
                "Please allow {} on the network.",
                "mac: {}",
            ],
        ),
        "plate" => (
            &[
                "What registration does the car have?",
                "Which number plate was fined?",
            ],
            &[
                "The number plate is {}.",
                "They towed my car, {}.",
                "Registration number {}, a red estate.",
                "My licence plate says {}.",
                "The van with plates {} is ours.",
            ],
        ),
        "vin" => (
            &[
                "Have you got the vehicle identification number?",
                "What's the VIN in the papers?",
            ],
            &[
                "In the papers the VIN is {}.",
                "Vehicle identification: {}",
                "It's the one with {} on the frame.",
                "My car's VIN says {}.",
            ],
        ),
        "birth_date" => (
            &[
                "Could you confirm your date of birth?",
                "When's your birthday?",
                "On which day were you born?",
            ],
            &[
                "My date of birth is {}.",
                "I was born on {}.",
                "My daughter was born {} in Ohio.",
                "birthdate: {}",
                "It's {}, my birthday.",
                "The patient's dob is {}.",
            ],
        ),
        "age" => (
            &[
                "May I ask how old you are?",
                "How old is the insured person?",
                "Your age?",
            ],
            &[
                "I am {} years old.",
                "My dad is {} and lives alone.",
                "We have a boy who is {}.",
                "Turning {} this summer.",
                "The patient is a {} year old woman.",
                "At {} I don't want to climb ladders any more.",
                "My gran just turned {}.",
                "I'm {}, so I'd get the senior rate.",
            ],
        ),
        "address" => (
            &[
                "What's the address on the account?",
                "Where do you want the parcel sent?",
                "And you live where exactly?",
            ],
            &[
                "I live at {}.",
                "Our new home is {}.",
                "Please have it delivered to {} instead.",
                "The meter is at {}.",
                "You'll find us at {}.",
                "We used to rent {}.",
            ],
        ),
        "person" => (
            &[
                "Who am I speaking to?",
                "Can I have your name?",
                "And the name on the booking?",
                "Who should I ask for when I call back?",
            ],
            &[
                "{} here, good morning.",
                "The booking was made by {}.",
                "I spoke with {} yesterday and he promised a refund.",
                "My neighbour {} has the same trouble.",
                "Please send the engineer who came last time, {}.",
                "Is {} in the office today?",
                "I'm {} and I'd like to complain.",
                "Thanks a lot, {}",
                "It belongs to my late father, {}.",
                "{} never called me back.",
            ],
        ),
        "username" => (
            &[
                "What do you type in as your user name?",
                "And the login name is?",
            ],
            &[
                "I always sign in with {}.",
                "My login's {}.",
                "The username on the app is {}.",
                "user: {}",
            ],
        ),
        "password" => (
            &[
                "Which password did you enter?",
                "What did you choose as a password?",
            ],
            &[
                "I changed the password to {} this morning.",
                "My password was {} before.",
                "It says {} is the wrong password.",
                "password {}",
                "The wifi password on the sticker is {}.",
            ],
        ),
        "pin" => (
            &[
                "Which PIN do you use at the machine?",
                "Please enter or say your PIN.",
            ],
            &[
                "My PIN is {}.",
                "I typed in {} as the pin and it was refused.",
                "The PIN for the card is {}.",
                "pin {}",
                "I'd like to change my pin from {} to another one.",
            ],
        ),
        _ => (
            &[
                "What's the medical record number?",
                "Could I have the number of your health insurance?",
            ],
            &[
                "My medical record number is {}.",
                "Her chart is {}.",
                "The clinic filed it under patient number {}.",
                "Health insurance number {}.",
                "mrn {}",
                "The member id on my health plan is {}.",
            ],
        ),
    }
}
