//! Inflections of English words: plural, third person, past, participles, possessive.
//!
//! Forms are made, not looked up, so a few that nobody uses are among them; they cost nothing.
//! Derived words are no inflections: `cancel~` does not match "cancellation".

/// Words whose forms follow no rule.
const IRREGULAR: &[&[&str]] = &[
    &["be", "am", "is", "are", "was", "were", "been", "being"],
    &["become", "becomes", "became", "becoming"],
    &["begin", "begins", "began", "begun", "beginning"],
    &["break", "breaks", "broke", "broken", "breaking"],
    &["bring", "brings", "brought", "bringing"],
    &["build", "builds", "built", "building"],
    &["buy", "buys", "bought", "buying"],
    &["catch", "catches", "caught", "catching"],
    &["child", "children", "child's", "children's"],
    &["choose", "chooses", "chose", "chosen", "choosing"],
    &["come", "comes", "came", "coming"],
    &["cost", "costs", "costing"],
    &["cut", "cuts", "cutting"],
    &["deal", "deals", "dealt", "dealing"],
    &["do", "does", "did", "done", "doing"],
    &["draw", "draws", "drew", "drawn", "drawing"],
    &["fall", "falls", "fell", "fallen", "falling"],
    &["feel", "feels", "felt", "feeling"],
    &["find", "finds", "found", "finding"],
    &["forget", "forgets", "forgot", "forgotten", "forgetting"],
    &["get", "gets", "got", "gotten", "getting"],
    &["give", "gives", "gave", "given", "giving"],
    &["go", "goes", "went", "gone", "going"],
    &["have", "has", "had", "having"],
    &["hear", "hears", "heard", "hearing"],
    &["hold", "holds", "held", "holding"],
    &["keep", "keeps", "kept", "keeping"],
    &["know", "knows", "knew", "known", "knowing"],
    &["leave", "leaves", "left", "leaving"],
    &["lend", "lends", "lent", "lending"],
    &["let", "lets", "letting"],
    &["lose", "loses", "lost", "losing"],
    &["make", "makes", "made", "making"],
    &["man", "men", "man's", "men's"],
    &["mean", "means", "meant", "meaning"],
    &["meet", "meets", "met", "meeting"],
    &["pay", "pays", "paid", "paying"],
    &["person", "people", "persons", "person's", "people's"],
    &["put", "puts", "putting"],
    &["read", "reads", "reading"],
    &["run", "runs", "ran", "running"],
    &["say", "says", "said", "saying"],
    &["see", "sees", "saw", "seen", "seeing"],
    &["sell", "sells", "sold", "selling"],
    &["send", "sends", "sent", "sending"],
    &["set", "sets", "setting"],
    &["show", "shows", "showed", "shown", "showing"],
    &["speak", "speaks", "spoke", "spoken", "speaking"],
    &["spend", "spends", "spent", "spending"],
    &["stand", "stands", "stood", "standing"],
    &["steal", "steals", "stole", "stolen", "stealing"],
    &["sue", "sues", "sued", "suing"],
    &["take", "takes", "took", "taken", "taking"],
    &["teach", "teaches", "taught", "teaching"],
    &["tell", "tells", "told", "telling"],
    &["think", "thinks", "thought", "thinking"],
    &["understand", "understands", "understood", "understanding"],
    &["wear", "wears", "wore", "worn", "wearing"],
    &["win", "wins", "won", "winning"],
    &["woman", "women", "woman's", "women's"],
    &["write", "writes", "wrote", "written", "writing"],
];

/// A word's inflections, itself among them, each once, in alphabetical order.
#[must_use]
pub fn inflections(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if let Some(row) = IRREGULAR.iter().find(|row| row.contains(&word)) {
        forms.extend(row.iter().map(|form| (*form).to_owned()));
    } else {
        for base in bases(word) {
            forms.extend(forms_of(&base));
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The last characters, from the end.
fn ending(word: &str) -> [Option<char>; 3] {
    let mut back = word.chars().rev();
    [back.next(), back.next(), back.next()]
}

/// What a word may be a form of; the word itself always.
fn bases(word: &str) -> Vec<String> {
    let mut bases = vec![word.to_owned()];
    let mut add = |base: String| {
        if base.chars().count() >= 3 && base.contains(|c| is_vowel(c) || c == 'y') {
            bases.push(base);
        }
    };
    if let Some(stem) = word.strip_suffix("'s") {
        add(stem.to_owned());
    } else if let Some(stem) = word
        .strip_suffix("ies")
        .or_else(|| word.strip_suffix("ied"))
    {
        add(format!("{stem}y"));
    } else if let Some(stem) = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")) {
        stems(stem).into_iter().for_each(add);
    } else if let Some(stem) = word.strip_suffix("es") {
        if stem.ends_with(['s', 'x', 'z', 'o']) || stem.ends_with("ch") || stem.ends_with("sh") {
            add(stem.to_owned());
        }
        add(format!("{stem}e"));
    } else if let Some(stem) = word.strip_suffix('s')
        && !stem.ends_with(['s', 'u', 'i'])
    {
        add(stem.to_owned());
    }
    bases
}

/// What `-ing` or `-ed` was added to.
fn stems(stem: &str) -> Vec<String> {
    let [last, before, third] = ending(stem);
    let (Some(last), Some(before)) = (last, before) else {
        return Vec::new();
    };
    if !stem.contains(|c| is_vowel(c) || c == 'y') {
        return Vec::new();
    }
    let mut single = stem.to_owned();
    single.pop();
    let with_e = format!("{stem}e");
    if last == before && !is_vowel(last) {
        return if matches!(last, 'l' | 's' | 'f' | 'z') {
            vec![stem.to_owned(), single]
        } else {
            vec![single]
        };
    }
    let short = stem.chars().filter(|c| is_vowel(*c)).count() == 1;
    let closed = is_vowel(before)
        && !is_vowel(last)
        && !matches!(last, 'w' | 'x' | 'y')
        && third.is_some_and(|c| !is_vowel(c));
    if matches!(last, 'v' | 'u' | 'c' | 'z') || (short && closed) {
        return vec![with_e];
    }
    vec![stem.to_owned(), with_e]
}

fn forms_of(base: &str) -> Vec<String> {
    let [last, before, third] = ending(base);
    let (Some(last), Some(before)) = (last, before) else {
        return vec![format!("{base}s"), format!("{base}'s")];
    };
    let mut forms = vec![base.to_owned(), format!("{base}'s")];
    let stem = base.strip_suffix(last).unwrap_or(base);
    if last == 'y' && !is_vowel(before) {
        forms.extend([
            format!("{stem}ies"),
            format!("{stem}ied"),
            format!("{base}ing"),
        ]);
        return forms;
    }
    let hisses = matches!(last, 's' | 'x' | 'z')
        || base.ends_with("ch")
        || base.ends_with("sh")
        || (last == 'o' && !is_vowel(before));
    forms.push(if hisses {
        format!("{base}es")
    } else {
        format!("{base}s")
    });
    if last == 'e' {
        forms.push(format!("{base}d"));
        forms.push(match before {
            'i' => format!("{}ying", stem.strip_suffix('i').unwrap_or(stem)),
            'e' | 'o' | 'y' => format!("{base}ing"),
            _ => format!("{stem}ing"),
        });
        return forms;
    }
    let doubles = is_vowel(before)
        && !is_vowel(last)
        && !matches!(last, 'w' | 'x' | 'y')
        && third.is_none_or(|c| !is_vowel(c) || (c == 'u' && base.contains("qu")));
    let short = base.chars().filter(|c| is_vowel(*c)).count() == 1;
    if doubles {
        forms.extend([format!("{base}{last}ed"), format!("{base}{last}ing")]);
    }
    if !(doubles && short) {
        forms.extend([format!("{base}ed"), format!("{base}ing")]);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::inflections;

    #[test]
    fn any_form_finds_the_others() {
        for forms in [
            &[
                "cancel",
                "cancels",
                "cancelled",
                "canceled",
                "cancelling",
                "canceling",
            ][..],
            &["charge", "charges", "charged", "charging"],
            &["hope", "hopes", "hoped", "hoping"],
            &["stop", "stops", "stopped", "stopping"],
            &["try", "tries", "tried", "trying"],
            &["refund", "refunds", "refunded", "refunding"],
            &["pay", "pays", "paid", "paying"],
            &["address", "addresses", "addressed", "addressing"],
            &["customer", "customers", "customer's"],
            &["activate", "activates", "activated", "activating"],
            &["bill", "bills", "billed", "billing"],
        ] {
            for form in forms {
                let made = inflections(form);
                for other in forms {
                    assert!(
                        made.iter().any(|m| m == other),
                        "{form}~ lacks {other}: {made:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn other_words_stay_out() {
        for (word, other) in [
            ("hope", "hop"),
            ("hoping", "hop"),
            ("cancel", "cancellation"),
            ("bus", "bu"),
            ("bring", "br"),
            ("this", "thi"),
        ] {
            assert!(
                !inflections(word).iter().any(|form| form == other),
                "{word}~ has {other}"
            );
        }
    }
}
