//! The list of deeds is closed.

use policy::Action;

enum Copy {}

impl Action for Copy {
    const KEY: &'static str = "copy";
}

fn main() {}
