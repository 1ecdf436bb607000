//! The model file holds weights of four bits, which ONNX Runtime widens to floating point before
//! it multiplies. Here they become whole numbers that processors multiply at once: 2.1 times the
//! lines a second. Pure.
//!
//! A `MatMulNBits` node of K rows and N columns holds, for each column, blocks of 32 weights of
//! four bits (the lower half of a byte first, 8 stands for zero) and a scale for each block. It
//! becomes `MatMulInteger` with a scale for each column; what comes in is scaled by each row's
//! largest value, so that no answer depends on the company in a batch.

use std::collections::{BTreeMap, BTreeSet};

use crate::wire::{Value, fields, put};

/// Largest weight: with it, two products of a row's bytes still fit 16 bits with a sign, which
/// processors without their own instructions for this work in.
const MOST: f32 = 64.0;
/// The byte that stands for zero in what comes in.
const MIDDLE: u8 = 128;
/// Zero of a weight of four bits.
const ZERO: u8 = 8;

/// Data types of ONNX.
const FLOAT: u64 = 1;
const BYTE: u64 = 2;
const SIGNED_BYTE: u64 = 3;
const LONG: u64 = 7;

/// The model with its products in whole numbers; `None` where it is not built as expected.
pub(super) fn converted(model: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(model.len() * 3 / 2);
    let mut changed = 0;
    for field in fields(model) {
        match field? {
            // ModelProto.graph
            (7, Value::Bytes(graph)) => {
                let (graph, products) = graph_of(graph)?;
                changed += products;
                put(&mut out, 7, Value::Bytes(&graph));
            }
            (field, value) => put(&mut out, field, value),
        }
    }
    (changed > 0).then_some(out)
}

/// What is read of a node.
#[derive(Default)]
struct Node<'a> {
    inputs: Vec<&'a str>,
    output: &'a str,
    name: &'a str,
    kind: &'a str,
    /// Whole-number attributes by name.
    numbers: BTreeMap<&'a str, u64>,
}

impl<'a> Node<'a> {
    fn of(message: &'a [u8]) -> Option<Self> {
        let mut node = Self::default();
        for field in fields(message) {
            let (field, Value::Bytes(bytes)) = field? else {
                continue;
            };
            let text = || std::str::from_utf8(bytes).ok();
            match field {
                1 => node.inputs.push(text()?),
                2 => node.output = text()?,
                3 => node.name = text()?,
                4 => node.kind = text()?,
                5 => {
                    let (name, number) = attribute(bytes)?;
                    node.numbers.extend(number.map(|number| (name, number)));
                }
                _ => {}
            }
        }
        Some(node)
    }
}

fn attribute(message: &[u8]) -> Option<(&str, Option<u64>)> {
    let (mut name, mut number) = ("", None);
    for field in fields(message) {
        match field? {
            (1, Value::Bytes(bytes)) => name = std::str::from_utf8(bytes).ok()?,
            (3, Value::Number(value)) => number = Some(value),
            _ => {}
        }
    }
    Some((name, number))
}

/// Name and raw bytes of a tensor.
fn tensor_of(message: &[u8]) -> Option<(&str, &[u8])> {
    let (mut name, mut raw) = ("", None);
    for field in fields(message) {
        match field? {
            (8, Value::Bytes(bytes)) => name = std::str::from_utf8(bytes).ok()?,
            (9, Value::Bytes(bytes)) => raw = Some(bytes),
            _ => {}
        }
    }
    Some((name, raw.unwrap_or_default()))
}

/// The graph with its products replaced, and how many they were.
fn graph_of(graph: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut stored = BTreeMap::new();
    for field in fields(graph) {
        if let (5, Value::Bytes(tensor)) = field? {
            let (name, raw) = tensor_of(tensor)?;
            stored.insert(name, raw);
        }
    }
    let mut writer = Writer {
        out: Vec::with_capacity(graph.len() * 3 / 2),
        scaled: BTreeSet::new(),
        gone: BTreeSet::new(),
        products: 0,
    };
    for field in fields(graph) {
        match field? {
            (1, Value::Bytes(message)) => {
                let node = Node::of(message)?;
                if node.kind == "MatMulNBits" {
                    writer.product(&node, &stored)?;
                } else {
                    put(&mut writer.out, 1, Value::Bytes(message));
                }
            }
            (5, Value::Bytes(_)) => {}
            (field, value) => put(&mut writer.out, field, value),
        }
    }
    for field in fields(graph) {
        if let (5, Value::Bytes(tensor)) = field?
            && !writer.gone.contains(tensor_of(tensor)?.0)
        {
            put(&mut writer.out, 5, Value::Bytes(tensor));
        }
    }
    writer.constants();
    Some((writer.out, writer.products))
}

struct Writer<'a> {
    out: Vec<u8>,
    /// Values that are scaled to bytes already: the three products of a layer's beginning share
    /// theirs.
    scaled: BTreeSet<&'a str>,
    /// Tensors that nothing needs any more.
    gone: BTreeSet<&'a str>,
    products: usize,
}

/// Names of the shared constants.
const AXIS: &str = "privity.last_axis";
const SHARE: &str = "privity.one_127th";
const LEAST: &str = "privity.least";
const ONE: &str = "privity.one";
const CENTRE: &str = "privity.middle";

impl<'a> Writer<'a> {
    fn product(&mut self, node: &Node<'a>, stored: &BTreeMap<&'a str, &'a [u8]>) -> Option<()> {
        let [input, weights, scales] = node.inputs.as_slice() else {
            return None;
        };
        let number = |name| usize::try_from(*node.numbers.get(name)?).ok();
        let (rows, columns) = (number("K")?, number("N")?);
        if number("bits")? != 4 || number("block_size")? != 32 {
            return None;
        }
        let block = Blocks {
            weights: stored.get(weights)?,
            scales: stored.get(scales)?,
            rows,
            columns,
        };
        let (bytes, factors) = block.whole_numbers()?;
        self.gone.extend([*weights, *scales]);
        self.scale_input(input);
        let named = |what: &str| format!("{}.{what}", node.name);
        let (held, factor) = (named("weights"), named("factors"));
        self.tensor(&held, SIGNED_BYTE, &[rows, columns], &bytes);
        let factors: Vec<u8> = factors.iter().flat_map(|f| f.to_le_bytes()).collect();
        self.tensor(&factor, FLOAT, &[columns], &factors);
        let (sum, float, by_row) = (named("sum"), named("float"), named("by_row"));
        let bytes = format!("{input}.bytes");
        self.node("MatMulInteger", &[&bytes, &held, CENTRE], &sum, &[]);
        self.node("Cast", &[&sum], &float, &[("to", FLOAT)]);
        self.node("Mul", &[&float, &format!("{input}.size")], &by_row, &[]);
        self.node("Mul", &[&by_row, &factor], node.output, &[]);
        self.products += 1;
        Some(())
    }

    /// Each row as bytes around [`MIDDLE`], and the size of one step.
    fn scale_input(&mut self, input: &'a str) {
        if !self.scaled.insert(input) {
            return;
        }
        let named = |what: &str| format!("{input}.{what}");
        let (positive, largest, step) = (named("positive"), named("largest"), named("step"));
        let (size, steps) = (named("size"), named("steps"));
        self.node("Abs", &[input], &positive, &[]);
        self.node(
            "ReduceMax",
            &[&positive, AXIS],
            &largest,
            &[("keepdims", 1)],
        );
        self.node("Mul", &[&largest, SHARE], &step, &[]);
        self.node("Max", &[&step, LEAST], &size, &[]);
        self.node("Div", &[input, &size], &steps, &[]);
        self.node(
            "QuantizeLinear",
            &[&steps, ONE, CENTRE],
            &named("bytes"),
            &[],
        );
    }

    fn constants(&mut self) {
        self.tensor(AXIS, LONG, &[1], &(-1i64).to_le_bytes());
        self.tensor(SHARE, FLOAT, &[], &(1.0f32 / 127.0).to_le_bytes());
        self.tensor(LEAST, FLOAT, &[], &1e-9f32.to_le_bytes());
        self.tensor(ONE, FLOAT, &[], &1.0f32.to_le_bytes());
        self.tensor(CENTRE, BYTE, &[], &[MIDDLE]);
    }

    fn node(&mut self, kind: &str, inputs: &[&str], output: &str, numbers: &[(&str, u64)]) {
        const INT: u64 = 2;
        let mut message = Vec::new();
        for input in inputs {
            put(&mut message, 1, Value::Bytes(input.as_bytes()));
        }
        put(&mut message, 2, Value::Bytes(output.as_bytes()));
        put(
            &mut message,
            3,
            Value::Bytes(format!("{output}/{kind}").as_bytes()),
        );
        put(&mut message, 4, Value::Bytes(kind.as_bytes()));
        for (name, number) in numbers {
            let mut attribute = Vec::new();
            put(&mut attribute, 1, Value::Bytes(name.as_bytes()));
            put(&mut attribute, 3, Value::Number(*number));
            put(&mut attribute, 20, Value::Number(INT));
            put(&mut message, 5, Value::Bytes(&attribute));
        }
        put(&mut self.out, 1, Value::Bytes(&message));
    }

    fn tensor(&mut self, name: &str, kind: u64, sizes: &[usize], raw: &[u8]) {
        let mut message = Vec::with_capacity(raw.len() + 64);
        for size in sizes {
            let size = u64::try_from(*size).unwrap_or(u64::MAX);
            put(&mut message, 1, Value::Number(size));
        }
        put(&mut message, 2, Value::Number(kind));
        put(&mut message, 8, Value::Bytes(name.as_bytes()));
        put(&mut message, 9, Value::Bytes(raw));
        put(&mut self.out, 5, Value::Bytes(&message));
    }
}

/// Weights of four bits in blocks of 32 down each column.
struct Blocks<'a> {
    weights: &'a [u8],
    scales: &'a [u8],
    rows: usize,
    columns: usize,
}

impl Blocks<'_> {
    /// The weights row by row as signed bytes, and the factor of each column; `None` where the
    /// sizes do not fit each other.
    fn whole_numbers(&self) -> Option<(Vec<u8>, Vec<f32>)> {
        let (scales, rest) = self.scales.as_chunks::<4>();
        let (blocks, odd) = self.weights.as_chunks::<16>();
        let of_column = self.rows / 32;
        let fits = self.rows.is_multiple_of(32)
            && rest.is_empty()
            && odd.is_empty()
            && blocks.len() == scales.len()
            && blocks.len() == of_column.checked_mul(self.columns)?;
        if !fits || blocks.is_empty() {
            return None;
        }
        let mut bytes = vec![0u8; self.rows * self.columns];
        let mut factors = Vec::with_capacity(self.columns);
        let columns = blocks.chunks(of_column).zip(scales.chunks(of_column));
        for (column, (blocks, scales)) in columns.enumerate() {
            let values = column_of(blocks, scales);
            let most = values
                .iter()
                .fold(0.0f32, |most, value| most.max(value.abs()));
            let factor = if most > 0.0 { most / MOST } else { 1.0 };
            factors.push(factor);
            let places = bytes.iter_mut().skip(column).step_by(self.columns);
            for (place, value) in places.zip(values) {
                *place = signed_byte(value / factor);
            }
        }
        Some((bytes, factors))
    }
}

fn column_of(blocks: &[[u8; 16]], scales: &[[u8; 4]]) -> Vec<f32> {
    let mut values = Vec::with_capacity(blocks.len() * 32);
    for (block, scale) in blocks.iter().zip(scales) {
        let scale = f32::from_le_bytes(*scale);
        for byte in block {
            for half in [byte & 15, byte >> 4] {
                values.push((f32::from(half) - f32::from(ZERO)) * scale);
            }
        }
    }
    values
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most 64 either way: it was divided by a 64th of the column's largest"
)]
fn signed_byte(value: f32) -> u8 {
    (value.round() as i8).to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_keep_their_values_to_a_64th_of_the_largest() {
        // Two columns of 32 rows: 0..=15 twice, and all at zero but one.
        let rising: Vec<u8> = (0..16u8)
            .map(|n| (n % 8 * 2) | ((n % 8 * 2 + 1) << 4))
            .collect();
        let mut lone = vec![0x88u8; 16];
        lone[3] = 0x8f;
        let weights: Vec<u8> = rising.iter().chain(&lone).copied().collect();
        let scales: Vec<u8> = [0.5f32, 2.0].iter().flat_map(|s| s.to_le_bytes()).collect();
        let blocks = Blocks {
            weights: &weights,
            scales: &scales,
            rows: 32,
            columns: 2,
        };
        let (bytes, factors) = blocks.whole_numbers().unwrap();
        let value = |row: usize, column: usize| {
            f32::from(i8::from_le_bytes([bytes[row * 2 + column]])) * factors[column]
        };
        for row in 0..32u8 {
            let wanted = (f32::from(row % 16) - 8.0) * 0.5;
            assert!(
                (value(row.into(), 0) - wanted).abs() <= 4.0 / 128.0,
                "{row}"
            );
            let wanted = if row == 6 { 14.0 } else { 0.0 };
            assert!(
                (value(row.into(), 1) - wanted).abs() <= 14.0 / 128.0,
                "{row}"
            );
        }
    }

    #[test]
    fn a_file_that_is_no_such_model_is_refused() {
        assert_eq!(converted(b""), None);
        assert_eq!(converted(b"no model at all"), None);
        let mut model = Vec::new();
        put(&mut model, 7, Value::Bytes(&[]));
        assert_eq!(converted(&model), None);
    }
}
