//! What the desk's forms and addresses hold, read the same way on every page.

use std::collections::BTreeSet;
use std::str::FromStr;

use app::AppError;
use domain::{DataCategory, IdError, InteractionId};

use crate::Say;
use crate::door::Person;
use crate::pages::Oops;
use crate::pages::forms::Fields;
use crate::problem::Problem;

/// Lets only somebody of the operator on; tells others why.
pub(super) fn operators_only(person: &Person, why: Say) -> Result<(), Oops> {
    if person.caller.is_operator() {
        Ok(())
    } else {
        Err(Problem::not_your_role(why).into())
    }
}

/// A number or key of ours.
pub(super) fn id<I: FromStr<Err = IdError>>(text: &str) -> Result<I, Oops> {
    Ok(text.trim().parse().map_err(AppError::Id)?)
}

/// A number in words of the page, or what is wrong with it.
pub(super) fn whole<N: FromStr>(text: &str, wrong: Say) -> Result<N, Oops> {
    let number = text.trim().parse();
    Ok(number.map_err(|_| Problem::input(wrong))?)
}

/// The kinds of data that are ticked.
pub(super) fn kinds(fields: &Fields) -> Result<BTreeSet<DataCategory>, Oops> {
    fields.all("data").map(id).collect()
}

/// Interactions: ids between blanks, commas or line ends.
pub(super) fn interactions(fields: &Fields, name: &str) -> Result<BTreeSet<InteractionId>, Oops> {
    words(fields.get(name)).map(id).collect()
}

/// What stands between blanks, commas or line ends.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_whitespace() || c == ',');
    parts.filter(|part| !part.is_empty())
}
