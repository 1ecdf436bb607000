//! What the shipped policy promises, asked through `decide`.

#![cfg(test)]

mod asking;
mod compile;
mod coverage;
mod disclosing;
mod exports;
mod hosting;
mod linter;
mod status;
mod table;
mod versions;
