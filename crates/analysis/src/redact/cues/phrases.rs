//! Every phrase that is a cue, by what it announces.

use super::Cue;

/// Phrases by cue, set apart by bars.
pub(super) const PHRASES: &[(Cue, &str)] = &[
    (
        Cue::CardNumber,
        "card number | cards number | card's number | card numbers | card no | card # | number on the card | long number | \
         16 digits | 16 digit | 15 digits | number of the card | card is | card details | \
         credit card | debit card | numbers on the front | number across the front \
         | pan | full number | full card | card it's | which card | what card | cc number | \
         creditcard | card_number | cardnumber | use card",
    ),
    (
        Cue::Card,
        "card | visa | mastercard | master card | amex | american express | discover | \
         maestro | diners",
    ),
    (
        Cue::LastFour,
        "ending in | ending with | ends in | ends with | last 4 | last 4 digits | ending | \
         last 4 is | last 4 are | final 4 | finishing in | last 4 of",
    ),
    (
        Cue::Cvv,
        "card check number | card check digits | check digits | check value | 3 digits | 3 digits there | little code | small code | little number on the back | code by the stripe | code by the signature | signature panel | 3 - digit code | \
         cvv | cvc | cvv2 | cvc2 | csc | cid | security code | security number | \
         card verification | card verification code | verification value | \
         3 digits on the back | digits on the back | number on the back | code on the back | \
         numbers on the back | back of the card | back of your card | back of my card | \
         3 digit code | 3 digit number | 4 digits on the front | 4 digit code on the front | \
         3 numbers on | 3 numbers by | last 3 numbers | 3 numbers | by the signature | \
         beside the signature | next to the signature | reverse side | on the reverse | \
         verification code for the card | cards verification | card verification value | \
         signature strip | 3 on the back | security digits | c v v | c v c | card code",
    ),
    (
        Cue::Expiry,
        "valid | good until | good till | month and year | card good | is it good | runs out | run out | \
         ran out | lapses | lapse | thru date | expires end | card still good | end date | \
         expires | expiry | expiration | exp | valid thru | valid through | valid until | \
         good thru | good through | expiring | expire | exp date | expiry date | \
         expiration date | valid to | expired | use by date",
    ),
    (
        Cue::BankAccount,
        "account number | account no | account # | bank account | checking account | \
         savings account | acct | acct number | acct no | account is | account it's | \
         direct debit | current account | account num | a / c | from account | to account | \
         account ending | bank details | bban | clabe",
    ),
    (
        Cue::Account,
        "account | accounts | acc | acc no | acc number",
    ),
    (
        Cue::Car,
        "car | van | truck | vehicle | motorbike | motorcycle | scooter | trailer | lorry | towed | \
         clamped | parked | parking",
    ),
    (
        Cue::Routing,
        "routing | routing number | aba | aba number | routing transit number | \
         transit number | rtn",
    ),
    (
        Cue::SortCode,
        "sort code | sortcode | bank code | bsb | sort codes",
    ),
    (
        Cue::Iban,
        "iban | i b a n | international bank account number | swift | bic",
    ),
    (
        Cue::Social,
        "social security number | social security | social | ssn | s s n | soc | socials | \
         ss number | ss #",
    ),
    (
        Cue::TaxId,
        "itin | tax id | taxpayer | taxpayer id | tax identification | tax number | ein | \
         tax identification number | individual taxpayer identification number | tin | utr | \
         vat number | tax file number | taxpayer identification number | i t i n | steuer id \
         | steuernummer | fiscal code | codice fiscale | nif | tax code",
    ),
    (
        Cue::NationalInsurance,
        "national insurance | national insurance number | nino | ni number | n i number | \
         insurance number",
    ),
    (
        Cue::Passport,
        "passport | passport number | passport no | passport # | passport is",
    ),
    (
        Cue::Licence,
        "licence | license | driver license | driver licence | drivers license | drivers licence | \
         driving license | driving licence | license number | licence number | license no | \
         dl | dl number | driver license number | drivers license number | \
         license they issued | licence they issued | driver licence number | license # | driving licence number | driving license number \
         | dl #",
    ),
    (
        Cue::NationalId,
        "national id | id number | identity number | identity card | identification number | \
         personal number | id card | citizen number | citizen service number | bsn | pesel | \
         dni | nie | personnummer | cpr | cpr number | henkilotunnus | hetu | nir | oib | egn \
         | cnp | emso | amka | afm | pps | pps number | ppsn | national number | \
         rijksregisternummer | insz | rodne cislo | birth number | isikukood | asmens kodas | \
         personas kods | svnr | insee | government id | national identity number | \
         national identification number | personal identity code | personal identity number | \
         personal id | state id | on my id | on your id | my id card | your id card | id card number | \
         id document | security number carte vitale | carte vitale | \
         social insurance | social insurance number | identity document | \
         steuer identifikationsnummer | svn | national identity | personal code | tessera | \
         ausweisnummer | personalausweis",
    ),
    (
        Cue::Phone,
        "phone | phone number | telephone | telephone number | mobile | mobile number | cell \
         | cell number | cellphone | call me | call me at | call me on | call you | reach me \
         | reach you | reach him | reach her | contact number | callback number | call back | \
         best number | number is | text me | whatsapp | fax | tel | landline | my number | \
         your number | her number | his number | home number | work number | ring me | dial | \
         callback | ph | mob | number to call | number for you | number to reach | sms | \
         give me a ring | call him | call her | phone is | extension | number it's | \
         number on file | our number | phone no",
    ),
    (
        Cue::Email,
        "email | e mail | e - mail | mail address | email address | e mail address | \
         e - mail address | mail me | emails | email is",
    ),
    (
        Cue::Birth,
        "date of birth | birth date | birthdate | birthday | born | dob | d o b | d . o . b | \
         birth year | year of birth | born on | born in | date of your birth | birth day | \
         came into this world | came into the world | b day | month and year of birth | were you born | birth",
    ),
    (
        Cue::Age,
        "how old | your age | age is | aged | age | my age | his age | her age",
    ),
    (
        Cue::Address,
        "address | street address | mailing address | home address | billing address | \
         shipping address | where do you live | live at | live on | live in | lives at | \
         lives on | living at | residing at | reside at | moved to | ship it to | deliver to \
         | located at | send it to | address is | delivered to | house is | property at | \
         sent to | delivery address | postal address | residence | mail it to | lives in",
    ),
    (
        Cue::HouseNumber,
        "house number | building number | street number | apartment number | unit number | \
         flat number | door number | suite number | apt number | lot number | room number | \
         po box | p o box | p . o . box | post office box | p o . box",
    ),
    (
        Cue::Postcode,
        "zip | zip code | zipcode | postcode | post code | postal code | zip is | eircode | \
         plz | billing zip",
    ),
    (
        Cue::Username,
        "sign in with | signs in with | signed in with | signing in with | sign in as | signed in as | \
         log in with | logs in with | logged in with | logging in with | login with | login as | \
         username | user name | user id | userid | login | login name | login id | login is | \
         screen name | user | handle | log in as | account name | logon | logged in as | \
         sign in name | go by | i go by | login name is | member name | online id | gamertag | skype",
    ),
    (
        Cue::Password,
        "password | pw | passcode | passphrase | pass phrase | pwd | pass word | pass code | \
         passwd | secret word | memorable word | safe word | keyword | verbal password | \
         security word | secret phrase",
    ),
    (
        Cue::Pin,
        "pin | pin number | pin code | pin is | p i n | personal identification number | \
         access code | pin no | telephone pin | gate code | door code | alarm code | \
         telephone banking code | unlock code | entry code | lock code",
    ),
    (
        Cue::OneTimeCode,
        "got a code | code we just texted | 1 time pin | \
         verification code | 1 time code | 1 time password | 1 time passcode | otp | \
         authentication code | confirmation code i | texted you | code we sent | code i got | \
         code you sent | 2 factor | code from the text | 6 digit code | sms code | auth code \
         | code we texted | code texted | 1 - time code | 1 - time password | \
         1 - time passcode | 2 - factor | 6 - digit code | code from the app | login code | \
         security token",
    ),
    (
        Cue::SecurityAnswer,
        "mother maiden name | maiden name | 1 pet | pet name | security question | \
         security answer | secret answer | secret question | 1 school | 1 car | \
         favorite teacher | favourite teacher | city were you born in | childhood friend | \
         childhood nickname | street you grew up on | best friend name | favorite color | \
         favourite colour | answer to the security question | street did you grow up on | \
         favorite movie | favourite film | favorite book | memorable place | memorable date",
    ),
    (
        Cue::Medical,
        "hospital has me | clinic has me | knows me as patient | know me as patient | insurance card | health insurance | insurance member id | id on the card | \
         medical record | medical record number | mrn | m r n | patient id | patient number | \
         member id | member number | membership number | health plan | health plan number | \
         policy number | insurance id | group number | subscriber id | beneficiary number | \
         medicare | medicare number | medicaid | medicaid number | nhs | nhs number | \
         prescription number | rx number | chart number | chart is | her chart | his chart | my chart | health insurance number | \
         health card | health card number | hospital number | insurance policy | mbi | \
         patient identifier | record number | policy id | insurance member | npi | dea number",
    ),
    (
        Cue::Plate,
        "tag | tags | \
         license plate | licence plate | plate | plate number | number plate | registration | \
         registration number | reg | reg number | vehicle registration | plates | tag number \
         | car registration | reg plate | car reg",
    ),
    (
        Cue::Vin,
        "vin | vin number | chassis | vehicle identification | vehicle identification number | \
         chassis number | v i n",
    ),
    (Cue::Mac, "mac address | mac | hardware address | device id"),
    (
        Cue::Reference,
        "order | order number | order no | order # | ticket | ticket number | case | \
         case number | case id | reference | reference number | ref | confirmation | \
         confirmation number | invoice | invoice number | tracking | tracking number | \
         booking | booking number | booking reference | reservation | reservation number | \
         model | model number | part number | serial | serial number | item number | item | \
         claim | claim number | job number | sku | product code | product number | po number \
         | purchase order | version | error code | error | promo code | coupon | \
         discount code | flight | flight number | work order | complaint number | incident | \
         incident number | request number | quote number | quote | article number | \
         return number | rma | transaction | transaction number | transaction id | order id | \
         ticket id | confirmation code | firmware | build | meter reading | readings | the reading | a reading | reading is | reading was | \
         last reading | new reading | latest reading",
    ),
];
