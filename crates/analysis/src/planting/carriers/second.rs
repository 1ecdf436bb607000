//! The second wording: written without sight of the rules, in other syntax than the first, and
//! measured once before they were repaired with what it missed.

pub(super) const OPENERS: &[&str] = &[
    "Hi there, you're through to support, my colleagues call me your helper today.",
    "Welcome back, what brings you in?",
    "Alright, give me a second to pull up the screen.",
    "Right, so where were we?",
    "No worries at all, we'll sort this out together.",
    "Just so you know, this line is recorded.",
];

pub(super) const CLOSERS: &[&str] = &[
    "Lovely, that went through.",
    "Brilliant, bear with me a moment.",
    "Got that down, you should see it within two days.",
    "Noted. Was there something else?",
    "Cheers, I will pass that along to the team.",
    "That matches what is on the screen.",
];

pub(super) const REPLIES: &[&str] = &[
    "{}, I believe.",
    "Right, here goes: {}",
    "Ok ready? {}",
    "Should be {}, give me a shout if that fails.",
    "{}. Did you get that?",
    "I've got {} here.",
    "Well, uh, {}",
    "One sec. Okay, {}.",
];

pub(super) const HARMLESS: &[&str] = &[
    "It took {n} attempts before the router came back up.",
    "We're a household of {w} and the heating has been off since {day}.",
    "The quote went from {amount} to nearly double within a month.",
    "Your advert says {n} percent off but the till said otherwise.",
    "Parcel {order} shows as delivered, yet my porch is empty.",
    "I've been a subscriber for {w} years, surely that counts for something.",
    "Could someone drop by on {day} any time after {n}?",
    "The manual on page {n} describes a green light, mine is amber.",
    "They told me {w} working days, that was back in {month}.",
    "Flight {order} was moved by {n} hours without any notice.",
    "Only {n} of the {w} chairs arrived in one piece.",
    "There's a late fee of {amount} on the statement from {month}.",
    "The screen froze at {n} percent and never recovered.",
    "Do you have that sofa in a size of {amount} centimetres?",
    "Honestly I rate the experience {n} out of thirty.",
    "The lift is stuck on floor {n} once more.",
    "My contract runs until {month}, I would rather leave sooner.",
    "Somebody named the file version {n} and now nobody finds it.",
    "The recipe calls for {w} grams and the packet holds {amount}.",
    "I paid in cash so there is no card involved.",
    "Could you send the password reset mail once more?",
    "We met your rep on {month} {n} and loved the pitch.",
];

/// Questions of the agent, and statements with a place for the secret.
#[expect(clippy::too_many_lines, reason = "one table, a row for each type")]
pub(super) fn carriers(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "card" => (
            &[
                "Whenever you're ready, go ahead with the digits from your Mastercard.",
                "And which plastic are we billing this to? All of it please.",
                "Could you key in or read out the PAN?",
            ],
            &[
                "Put it on my Amex, that's {}.",
                "For payment use {} please.",
                "The debit card ends up being {} if I read it properly.",
                "Bill {} like last time.",
                "Here's the plastic: {}",
            ],
        ),
        "card_bare" => (
            &[],
            &[
                "Does {} mean anything to you?",
                "There's just {} on this piece of paper.",
                "{} and that's the whole thing",
                "Somebody scribbled {} underneath.",
            ],
        ),
        "cvv" => (
            &[
                "Next up, those little numbers printed by the signature strip.",
                "Flip it over for me, what are the last three numbers next to the signature?",
                "May I have the card verification value too?",
                "What does it say for CVC2?",
            ],
            &[
                "On the reverse side it reads {}.",
                "The three numbers by the signature are {}.",
                "My verification code for the card would be {}.",
                "CVV2 is {}",
                "security number on the card: {}",
                "The card's csc happens to be {}.",
            ],
        ),
        "expiry" => (
            &[
                "Until when is that card good?",
                "What month and year are printed under valid thru?",
                "And it runs out when, your card?",
            ],
            &[
                "The card is good through {}.",
                "valid thru {}",
                "It runs out {}, the card I mean.",
                "Under expires end it says {}.",
                "My Visa lapses {}.",
                "expiry on it: {}",
            ],
        ),
        "iban" => (
            &[
                "To which IBAN shall we wire it?",
                "Where should the money go? The international number is best.",
            ],
            &[
                "Wire the refund over to {}.",
                "iban: {}",
                "The payee's account is {} with the savings bank.",
                "Money should land on {}.",
            ],
        ),
        "bank_account" => (
            &[
                "From which checking account shall we draw the payments? The number please.",
                "And your account number with the bank?",
            ],
            &[
                "Set up the direct debit from account {}.",
                "My savings account, number {}, is where it should go.",
                "acct no {} at the credit union",
                "Deposit it into bank account {} if you could.",
            ],
        ),
        "routing" => (
            &[
                "Could I get the ABA number that goes with it?",
                "What does the check show for routing?",
            ],
            &[
                "ABA is {}.",
                "The bank's routing is {}.",
                "routing no. {}",
                "For the transit number put {}.",
            ],
        ),
        "sort_code" => (
            &[
                "What's your branch's sort code?",
                "And the six digits of the sort code?",
            ],
            &[
                "Sort code's {}.",
                "My branch has {} as its sort code.",
                "sc {} is the sort code",
                "The sort code should read {}.",
            ],
        ),
        "ssn" => (
            &[
                "To find you I need your social.",
                "What are the nine digits of your social security?",
            ],
            &[
                "My social's {}.",
                "SSN: {}",
                "They have me under social security no {}.",
                "For the tax form, my social is {}.",
            ],
        ),
        "itin" => (
            &[
                "Do you have a taxpayer number instead?",
                "What's on the letter as your ITIN?",
            ],
            &[
                "My individual taxpayer number is {}.",
                "itin {}",
                "The IRS gave me {} as an ITIN.",
                "Taxpayer id {} belongs to me.",
            ],
        ),
        "nino" => (
            &[
                "What's your NI number?",
                "Could you read your national insurance off the payslip?",
            ],
            &[
                "NI number is {}.",
                "My national insurance is {}.",
                "On the payslip there's national insurance no. {}.",
                "nino: {}",
            ],
        ),
        "passport" => (
            &[
                "Which passport are you travelling on? The number please.",
                "Under passport no, what does the booklet say?",
            ],
            &[
                "I travel on passport {}.",
                "Passport no. {} was issued in spring.",
                "The number in my passport reads {}.",
                "passport: {}",
            ],
        ),
        "licence" => (
            &[
                "Could you tell me the number on your driving licence?",
                "What number is on the driver license, top right?",
            ],
            &[
                "My driver's license is {}.",
                "License no {} for driving.",
                "The licence they issued me says {}, for the car.",
                "DL number {}",
            ],
        ),
        "national_id" => (
            &[
                "What's the number on your identity card?",
                "I'd need the personal identification number from your home country.",
            ],
            &[
                "My identity card number is {}.",
                "The national identification number is {}.",
                "My ID card says {}.",
                "For national ID put down {}.",
            ],
        ),
        "phone" => (
            &[
                "Where can we ring you back?",
                "Is there a mobile we could text?",
                "Best number in case we get cut off?",
            ],
            &[
                "Ring me on {}.",
                "Text {} when the driver is near.",
                "You can catch me at {} in the evenings.",
                "cell: {}",
                "My husband's mobile is {}.",
            ],
        ),
        "email" => (
            &[
                "Where should the confirmation be sent?",
                "And an e-mail we can write to?",
            ],
            &[
                "Drop me a line at {}.",
                "Send the invoice over to {} thanks.",
                "I signed up using {}.",
                "mail: {}",
            ],
        ),
        "url" => (
            &["Which page were you on?", "Where did you see that offer?"],
            &[
                "I saw it over at {}.",
                "Have a look at {} yourself.",
                "The link was {} I think.",
                "It sent me to {} and then nothing.",
            ],
        ),
        "ip" => (
            &[
                "What IP does the box show?",
                "Under network, which address is listed?",
            ],
            &[
                "The router sits at {}.",
                "My IP is {} right now.",
                "Logins came from {} overnight.",
                "ip addr {}",
            ],
        ),
        "mac" => (
            &[
                "What's the hardware address on the sticker?",
                "Could you read the MAC of the modem?",
            ],
            &[
                "The sticker says {}.",
                "MAC {} is the blocked one.",
                "Hardware address: {}",
                "The modem shows {} underneath.",
            ],
        ),
        "plate" => (
            &[
                "Which car is it? The tag please.",
                "What's the registration of the vehicle?",
                "And the plates on it?",
            ],
            &[
                "The car's registration is {}.",
                "It's a blue hatchback, plates {}.",
                "The tag on my truck reads {}.",
                "My van, reg {}, was towed.",
                "I parked a car with plate {} there.",
                "Vehicle registration {} is mine.",
            ],
        ),
        "vin" => (
            &[
                "Could you read me the chassis number?",
                "What's the VIN under the windscreen?",
            ],
            &[
                "The chassis number is {}.",
                "VIN: {}",
                "Under the windscreen it says {}.",
                "The car is {} by its papers.",
            ],
        ),
        "birth_date" => (
            &[
                "And when were you born?",
                "Birthday please, with the year?",
                "What's your d.o.b.?",
            ],
            &[
                "Born {}.",
                "My birthday's {}.",
                "DOB {}",
                "I came into this world on {}.",
                "My son, born on {}, is on the policy as well.",
            ],
        ),
        "age" => (
            &[
                "How old would you be?",
                "And your age, roughly, for the quote?",
                "What age is the youngest driver?",
            ],
            &[
                "I turned {} last week.",
                "My mother, aged {}, lives with us.",
                "I'll be {} in the spring.",
                "He's only {} years of age.",
                "She is {} and still drives.",
                "at the age of {} I retired",
                "I'm {} years young.",
            ],
        ),
        "address" => (
            &[
                "Where are you living these days?",
                "What address should the engineer come to?",
                "And the delivery goes where?",
            ],
            &[
                "We've moved to {}.",
                "Ship the lot to {}.",
                "My place is at {}.",
                "The flat is {}.",
                "Send your engineer round to {} please.",
            ],
        ),
        "person" => (
            &[
                "Who have I got on the line?",
                "And you are?",
                "Whose name is the account under?",
                "What shall I call you?",
            ],
            &[
                "{} speaking.",
                "You're talking to {}.",
                "It's under {}, my wife.",
                "The account holder is {}.",
                "I'm calling on behalf of {}.",
                "Could you put me through to {}?",
                "My manager, {}, approved it.",
                "Kind regards, {}",
            ],
        ),
        "username" => (
            &["Which login do you use?", "What's your handle on the site?"],
            &[
                "I log in as {}.",
                "My user id is {}.",
                "username: {}",
                "On the portal I go by {}.",
            ],
        ),
        "password" => (
            &[
                "And what's the password you tried?",
                "Which passphrase did you set?",
            ],
            &[
                "I typed {} as my password.",
                "The password's {}.",
                "pw: {}",
                "My old password used to be {}.",
                "It only takes {} as the password.",
            ],
        ),
        "pin" => (
            &[
                "What's the PIN you chose?",
                "Please say your four or six digit pin.",
                "And your telephone banking passcode?",
            ],
            &[
                "I set the pin to {}.",
                "Use {} as my PIN.",
                "My passcode for the phone line is {}.",
                "pin = {}",
                "The pin I always enter is {}.",
                "For the cash machine it's pin {}.",
            ],
        ),
        _ => (
            &[
                "What's your patient number?",
                "Could you read the member id off your insurance card?",
                "Which hospital number is on the letter?",
            ],
            &[
                "My patient id is {}.",
                "The hospital has me down as {}.",
                "Health plan member {} here.",
                "MRN: {}",
                "The chart number on my wristband is {}.",
                "On my health insurance card it says {}.",
            ],
        ),
    }
}
