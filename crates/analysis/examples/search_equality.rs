//! Compares the matcher with the reference evaluator on many random cases:
//! `cargo run --release -p analysis --example search_equality -- 100000 [first seed]`.

#[path = "../tests/reference/mod.rs"]
mod reference;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let cases: u64 = arguments
        .next()
        .unwrap_or_else(|| "100000".to_owned())
        .parse()?;
    let first: u64 = arguments.next().unwrap_or_else(|| "0".to_owned()).parse()?;
    let mut matched = 0;
    for case in 0..cases {
        let seed = (first + case).wrapping_mul(0x2545_f491_4f6c_dd1d);
        matched += reference::cases::check(seed, 8 + case % 40, case % 5, 1);
    }
    println!("{cases} cases equal, {matched} of them matches");
    Ok(())
}
