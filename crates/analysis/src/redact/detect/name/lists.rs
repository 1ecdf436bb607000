//! Common given names and surnames, and those that are everyday words as well.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Names that are hardly anything else. Space-separated, lower case.
const GIVEN: &str = "\
aaron abigail adam adrian ahmed aidan aisha alan albert alejandro alex alexa alexander alexandra \
alexis alfred ali alice alicia alison allison alyssa amanda amelia amir amy ana andre andrea \
andreas andrew andy angela angelina anil anita ann anna anne annie anthony antonio arjun arthur \
ashley audrey ava barbara beatrice ben benjamin bernard beth betty beverly bianca bob bobby brad \
bradley brandon brenda brian bridget brittany bruce bryan caitlin caleb cameron camila carl carla \
carlos carmen carol caroline carolyn catherine cathy cecilia charles charlotte chen cheryl chloe chris \
christian christina christine christopher cindy claire clara clarence claudia colin connor cory \
craig cristina crystal cynthia daisy daniel daniela danielle danny darren dave david deborah \
debra denise dennis derek diana diane diego dmitri dominic donald donna doris dorothy douglas \
duncan dylan eddie edgar edith eduardo edward edwin eileen elaine eleanor elena elijah elizabeth \
ella ellen emily emma emmanuel enrique eric erica erik erin ernest esther ethan eugene eva evan \
evelyn fatima felix fernando fiona florence frances francesca francis francisco fred frederick \
gabriel gabriela gareth gary gavin geoffrey george gerald gina giovanni gloria gordon graham greg \
gregory gustavo hannah harold harriet harry heather helen helena henry herbert hiroshi holly howard hugh \
hugo ian ibrahim igor imran ingrid irene isaac isabel isabella ivan jackson jacob jacqueline \
jaime jamal james jamie jan jane janet janice jared jasmine jason javier jean jeff jeffrey jennifer \
jenny jeremy jerome jerry jesse jessica jesus jill jim jimmy joan joanna joe joel johan johanna \
john johnny jon jonathan jordan jorge jose joseph joshua joyce juan juanita judith judy julia \
julian julie justin kaitlyn karen karl karthik kate katherine kathleen kathryn katie katrina \
kayla keith kelly ken kenneth kevin khalid kim kimberly kirsten klaus kristen krishna kumar kyle lakshmi \
larry lars laura lauren laurence laurie leah lee leo leon leonard leslie lewis liam lillian \
linda lindsay lisa logan lois lorraine louis louise lucas lucia lucy luis luke lydia lynn \
mackenzie madison malcolm manuel marco marcus margaret maria mariah marie mario marion marjorie \
markus marlene martha martin marvin mary mateo matthew maurice mei megan melanie melissa mia \
michael michelle miguel mikhail mohamed mohammed molly monica morgan muhammad nadia nancy naomi \
natalia natalie natasha nathan nathaniel neil nicholas nicole nikhil nikolai nina nora norma \
norman olga oliver olivia omar pablo pamela patricia patrick paul paula pauline pedro peggy \
penelope peter philip phillip phyllis pierre priya rachel rafael raj rajesh ralph ramon randy \
raymond rebecca regina renee ricardo richard rick robert roberto robin rodney roger roland ronald \
rosa rosemary roxanne roy ruben russell ruth ryan sabrina sally samantha samir samuel sandra \
sanjay sara sarah scott sean sebastian sergei sergio shannon sharon shaun sheila shirley simon \
sofia sonia sophia sophie stacey stacy stanley stephanie stephen steve steven stuart susan suzanne \
sylvia tamara tanya tara teresa terrence terry theodore theresa thomas tiffany tim timothy tina \
todd tom tommy toni tony tracy travis trevor tyler valerie vanessa vera veronica vicki victoria \
vikram vincent virginia vivian vladimir walter wanda warren wayne wendy wesley wilhelm william \
yasmin yolanda yuki yusuf yvonne zachary zainab zoe";

/// Given names that are everyday words: names only where the talk or the spelling says so.
const GIVEN_OR_WORD: &str = "\
amber angel april art august autumn bill brook chance charity chase chip christmas cliff clay \
crystal dale dawn dean destiny drew duke earl eve faith fern frank gene ginger glen grace grant \
guy harmony heath heaven hope hunter ivy jack jade jasper jay jewel joy june justice kay lance \
lane lily major marina mark may melody mercy mike miles misty nick norm olive opal page parker pat \
patience peace pearl penny pierce porter pray ray reed rich rob robin rocky rod rose ruby rusty sage sandy \
skip sky sonny star sterling stone sue summer sunny ted terry trinity van victor violet wade \
ward will willow winter woody max iris hazel rosemary charlie oscar romeo juliet delta";

/// Surnames that are hardly anything else.
const SURNAMES: &str = "\
abbott adams aguilar ahmed alvarez andersen anderson andrews armstrong arnold bailey barnes \
barrett bauer becker bennett bishop boyd bradley brennan brooks browning burke burns campbell carlson carpenter \
carroll castillo castro chan chang chapman chavez chowdhury clark coleman collins cooper cox crawford \
cruz cunningham daniels davidson davies davis delgado desai diaz dixon duncan dunn edwards \
elliott ellis evans ferguson fernandez fischer fisher fitzgerald flores foster freeman fuller \
garcia gardner gibson gilbert gomez gonzales gonzalez graham griffin gupta gutierrez hamilton \
hansen hanson harper harris harrison hawkins henderson hernandez herrera hicks hoffman holmes \
howell hudson hughes hunt ibrahim jackson jacobs jenkins jensen jimenez johnson johnston jones \
joseph kapoor kaur keller kelley kennedy khan kowalski kumar lambert lang larson lawrence lawson lewis lindqvist liu \
lopez lynch mahoney marshall martin martinez mason matthews mccarthy mcdonald mckenzie medina mehta mendez \
mendoza meyer miller mitchell moore morales moreno morgan morris morrison muller murphy murray \
myers nair nelson nguyen novak obrien oconnor olson ortega ortiz owens palmer papadopoulos parker patel \
patterson payne pereira perez perkins perry peters petersen peterson phillips ramirez ramos reddy reid \
reyes reynolds richards richardson rivera roberts robertson robinson rodriguez rogers romero \
rossi ruiz russell ryan salazar sanchez sanders santos schmidt schneider schroeder schultz schwartz \
shah sharma shaw silva simmons simpson singh smith snyder soto spencer stephens stevens stewart \
sullivan tanaka thomas thompson thomson torres tucker turner ueda vargas vasquez vaughan wagner \
wallace walsh walters wang washington watanabe watkins watson weaver weber wilkins williams \
williamson wilson wong wright yamamoto zhang zhao zhou zimmerman";

/// Surnames that are everyday words.
const SURNAMES_OR_WORD: &str = "\
baker ball banks bell berry best bird black blue bowman brown bush butler carter church cook cole \
cross day dean drake english field fields fish ford fox franklin french frost gold good grant gray \
green greene hall hardy hart hayes head hill holland hood house hunter james king knight lamb \
lane law light little long love low lucas marsh may mills moss neal nice noble north page park parks \
pool pope post power powers price quick rice rich ring river rivers rose sharp short small snow \
stark steel stone street strong summers swift temple walker wall ward waters webb wells west \
white wise wolf wood woods young camp glass hand hope church reed sparks childs burns bond booth";

/// Whether a lower-case word is a given name and hardly anything else.
pub(super) fn is_given(word: &str) -> bool {
    holds(GIVEN_INDEX.get_or_init(|| index(GIVEN)), word)
}

/// Whether a lower-case word is a surname and hardly anything else.
pub(super) fn is_surname(word: &str) -> bool {
    holds(SURNAME_INDEX.get_or_init(|| index(SURNAMES)), word)
}

/// Whether a lower-case word is a name and an everyday word.
pub(super) fn is_either(word: &str) -> bool {
    let both = || {
        let mut words = index(GIVEN_OR_WORD);
        words.extend(index(SURNAMES_OR_WORD));
        words
    };
    holds(EITHER_INDEX.get_or_init(both), word)
}

/// Whether a lower-case word is a surname and a word that seldom follows a given name otherwise:
/// `hannah price`, but not `hannah may`.
pub(super) fn is_noun_surname(word: &str) -> bool {
    let verbal = matches!(
        word,
        "may"
            | "good"
            | "nice"
            | "long"
            | "little"
            | "low"
            | "light"
            | "day"
            | "hope"
            | "love"
            | "cook"
            | "call"
            | "camp"
            | "post"
            | "park"
            | "head"
            | "hand"
            | "west"
            | "north"
            | "dean"
            | "quick"
            | "short"
            | "wise"
            | "strong"
            | "young"
            | "sharp"
            | "page"
            | "street"
            | "home"
    );
    !verbal && holds(NOUN_INDEX.get_or_init(|| index(SURNAMES_OR_WORD)), word)
}

/// Every name of every list.
#[cfg(test)]
pub(in crate::redact) fn every() -> impl Iterator<Item = &'static str> {
    [GIVEN, GIVEN_OR_WORD, SURNAMES, SURNAMES_OR_WORD]
        .into_iter()
        .flat_map(str::split_whitespace)
}

type Index = HashSet<&'static str>;

static GIVEN_INDEX: OnceLock<Index> = OnceLock::new();
static SURNAME_INDEX: OnceLock<Index> = OnceLock::new();
static NOUN_INDEX: OnceLock<Index> = OnceLock::new();
static EITHER_INDEX: OnceLock<Index> = OnceLock::new();

fn index(list: &'static str) -> Index {
    list.split_whitespace().collect()
}

fn holds(index: &Index, word: &str) -> bool {
    index.contains(word)
}
