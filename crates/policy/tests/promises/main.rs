//! What the shipped policy promises, asked through `decide`.

mod asking;
mod compile;
mod hosting;
mod table;
