//! Names of people, streets and towns, other ones for each wording.

use super::Wording;

pub(super) const fn given(wording: Wording) -> &'static [&'static str] {
    match wording {
        Wording::Tuned => GIVEN,
        Wording::Repaired | Wording::Later => OTHER_GIVEN,
        Wording::Mended => MENDED_GIVEN,
        Wording::Smoothed => SMOOTHED_GIVEN,
        Wording::HeldOut => HELD_GIVEN,
    }
}

pub(super) const fn family(wording: Wording) -> &'static [&'static str] {
    match wording {
        Wording::Tuned => FAMILY,
        Wording::Repaired | Wording::Later => OTHER_FAMILY,
        Wording::Mended => MENDED_FAMILY,
        Wording::Smoothed => SMOOTHED_FAMILY,
        Wording::HeldOut => HELD_FAMILY,
    }
}

pub(super) const fn streets(wording: Wording) -> &'static [&'static str] {
    match wording {
        Wording::Tuned => STREETS,
        Wording::Repaired | Wording::Later => OTHER_STREETS,
        Wording::Mended => MENDED_STREETS,
        Wording::Smoothed => SMOOTHED_STREETS,
        Wording::HeldOut => HELD_STREETS,
    }
}

pub(super) const fn cities(wording: Wording) -> &'static [&'static str] {
    match wording {
        Wording::Tuned => CITIES,
        Wording::Repaired | Wording::Later => OTHER_CITIES,
        Wording::Mended => MENDED_CITIES,
        Wording::Smoothed => SMOOTHED_CITIES,
        Wording::HeldOut => HELD_CITIES,
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

const OTHER_GIVEN: &[&str] = &[
    "Hannah",
    "Victor",
    "Beatrice",
    "Kofi",
    "Anneliese",
    "Dimitri",
    "Yasmin",
    "Colm",
    "Rosalind",
    "Tomasz",
    "Leilani",
    "Walter",
    "Nkechi",
    "Bartholomew",
    "Zuzana",
    "Eleanor",
];

const OTHER_FAMILY: &[&str] = &[
    "Hargreaves",
    "Lindqvist",
    "Mbeki",
    "Castellano",
    "Novak",
    "O'Donnell",
    "Fairweather",
    "Yamamoto",
    "Petrov",
    "Ashworth",
    "Gallagher",
    "Schreiber",
    "Ramanathan",
    "Whitlock",
    "Ferreira",
    "Pemberton",
];

const OTHER_STREETS: &[&str] = &[
    "Chestnut",
    "Beacon Hill",
    "Victoria",
    "Lakeshore",
    "Juniper",
    "Saint James",
    "Northgate",
    "Hawthorne",
    "Mulberry",
    "Quarry",
];

const OTHER_CITIES: &[&str] = &[
    "Millbrook",
    "Denver",
    "Leeds",
    "Santa Rosa",
    "Brighton",
    "Fort Collins",
    "Norwich",
    "Baltimore",
];

const MENDED_GIVEN: &[&str] = &[
    "Georgina",
    "Tobias",
    "Aoife",
    "Rashid",
    "Svetlana",
    "Jerome",
    "Keiko",
    "Emeka",
    "Marguerite",
    "Luis",
    "Agnieszka",
    "Percival",
    "Thandiwe",
    "Wendy",
    "Ravindra",
    "Florian",
    "Odette",
    "Craig",
    "Nasreen",
    "Gwendolyn",
];

const MENDED_FAMILY: &[&str] = &[
    "Haverford",
    "Osei",
    "Bianchi",
    "Sutherland",
    "Wojcik",
    "O'Reilly",
    "Tanaka",
    "Blackwood",
    "Moreau",
    "Chaudhry",
    "Eriksen",
    "Kingsley",
    "Abernathy",
    "Villanueva",
    "Stokes",
    "Zielinski",
    "Cartwright",
    "Dubois",
    "Nwosu",
    "Hollingsworth",
];

const MENDED_STREETS: &[&str] = &[
    "Orchard",
    "Cedar Ridge",
    "Albert",
    "Riverside",
    "Sycamore",
    "Saint Mary",
    "Southfield",
    "Bramble",
    "Linden",
    "Mill",
];

const MENDED_CITIES: &[&str] = &[
    "Ashford",
    "Tucson",
    "Sheffield",
    "San Mateo",
    "Aberdeen",
    "Fort Wayne",
    "Exeter",
    "Cincinnati",
];

const SMOOTHED_GIVEN: &[&str] = &[
    "Imogen",
    "Desmond",
    "Ngozi",
    "Henrik",
    "Paloma",
    "Stuart",
    "Yuki",
    "Farah",
    "Leopold",
    "Bronwyn",
    "Arturo",
    "Katarzyna",
    "Mireille",
    "Duncan",
    "Shanice",
    "Vikram",
    "Ottilie",
    "Rory",
    "Amina",
    "Clifford",
];

const SMOOTHED_FAMILY: &[&str] = &[
    "Marchetti",
    "Oyelaran",
    "Prescott",
    "Sorensen",
    "Ishikawa",
    "Lockwood",
    "Szymanski",
    "Baptiste",
    "McAllister",
    "Gupta",
    "Halloran",
    "Rosenthal",
    "Quintero",
    "Underhill",
    "Achebe",
    "Lindgren",
    "Fitzgerald",
    "Mukherjee",
    "Barlow",
    "Teixeira",
];

const SMOOTHED_STREETS: &[&str] = &[
    "Poplar",
    "Stony Brook",
    "Regent",
    "Canal",
    "Magnolia",
    "Saint Andrew",
    "Eastbourne",
    "Foxglove",
    "Alder",
    "Station",
];

const SMOOTHED_CITIES: &[&str] = &[
    "Plymouth",
    "Boise",
    "Nottingham",
    "Santa Clara",
    "Dundee",
    "Fort Myers",
    "Bath",
    "Pittsburgh",
];

const HELD_GIVEN: &[&str] = &[
    "Caroline",
    "Idris",
    "Philippa",
    "Hamish",
    "Soraya",
    "Leon",
    "Mireille",
    "Chidi",
    "Ottilie",
    "Rory",
    "Katarzyna",
    "Jamal",
    "Winifred",
    "Anders",
    "Pilar",
    "Desmond",
    "Harriet",
    "Yuki",
    "Lachlan",
    "Simone",
];

const HELD_FAMILY: &[&str] = &[
    "Abernathy",
    "Lindholm",
    "Quigley",
    "Adeyemi",
    "Romano",
    "Featherstone",
    "Ivanov",
    "Marsden",
    "Khatri",
    "Duchamp",
    "Holloway",
    "Zielinski",
    "McAllister",
    "Ortega",
    "Winterbourne",
    "Sato",
    "Beaumont",
    "Haddad",
    "Eriksen",
    "Tully",
];

const HELD_STREETS: &[&str] = &[
    "Sycamore",
    "Wellington",
    "Mill",
    "Cypress Grove",
    "Abbey",
    "Ridgeway",
    "Franklin",
    "Orchard",
    "Castle",
    "Meadowbrook",
];

const HELD_CITIES: &[&str] = &[
    "Fairhaven",
    "Sheffield",
    "Tucson",
    "Oakdale",
    "Cardiff",
    "Spokane",
    "Exeter",
    "Little Rock",
];
