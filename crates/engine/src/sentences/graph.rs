//! Writes the encoder as an ONNX model from its published weights, so that the runtime that is
//! here anyway computes it. The layout is BERT's (Devlin et al., 2019) with the sizes of
//! MiniLM-L6 (Wang et al., 2020); operator set 20 of the ONNX standard.

use super::weights::Weights;
use crate::wire::{Value, put};

pub(super) const WIDTH: usize = 384;
const WORDS: usize = 30_522;
const PLACES: usize = 512;
const LAYERS: usize = 6;
const HEADS: usize = 12;
const INNER: usize = 1_536;
const HEAD: usize = WIDTH / HEADS;
/// Keeps the normalisation from dividing by nothing, as the model was trained.
const EPSILON: f32 = 1e-12;

const OPERATORS: u64 = 20;
const FORMAT: u64 = 9;
const FLOAT: u64 = 1;
const WHOLE: u64 = 7;

/// Fields of the standard's messages that are written here.
mod field {
    pub(super) const MODEL_FORMAT: u64 = 1;
    pub(super) const MODEL_GRAPH: u64 = 7;
    pub(super) const MODEL_OPERATORS: u64 = 8;
    pub(super) const OPERATORS_VERSION: u64 = 2;
    pub(super) const GRAPH_NODE: u64 = 1;
    pub(super) const GRAPH_NAME: u64 = 2;
    pub(super) const GRAPH_WEIGHT: u64 = 5;
    pub(super) const GRAPH_INPUT: u64 = 11;
    pub(super) const GRAPH_OUTPUT: u64 = 12;
    pub(super) const NODE_INPUT: u64 = 1;
    pub(super) const NODE_OUTPUT: u64 = 2;
    pub(super) const NODE_OPERATOR: u64 = 4;
    pub(super) const NODE_ATTRIBUTE: u64 = 5;
    pub(super) const ATTRIBUTE_NAME: u64 = 1;
    pub(super) const ATTRIBUTE_FLOAT: u64 = 2;
    pub(super) const ATTRIBUTE_WHOLE: u64 = 3;
    pub(super) const ATTRIBUTE_WHOLES: u64 = 8;
    pub(super) const ATTRIBUTE_KIND: u64 = 20;
    pub(super) const TENSOR_SIZE: u64 = 1;
    pub(super) const TENSOR_KIND: u64 = 2;
    pub(super) const TENSOR_NAME: u64 = 8;
    pub(super) const TENSOR_BYTES: u64 = 9;
    pub(super) const VALUE_NAME: u64 = 1;
    pub(super) const VALUE_TYPE: u64 = 2;
    pub(super) const TYPE_TENSOR: u64 = 1;
    pub(super) const TENSOR_TYPE_KIND: u64 = 1;
    pub(super) const TENSOR_TYPE_SHAPE: u64 = 2;
    pub(super) const SHAPE_SIZE: u64 = 1;
    pub(super) const SIZE_NUMBER: u64 = 1;
    pub(super) const SIZE_NAME: u64 = 2;
}

/// An attribute of a node.
enum Attribute<'a> {
    Float(&'a str, f32),
    Whole(&'a str, i64),
    Wholes(&'a str, &'a [u64]),
}

/// The model as bytes that ONNX Runtime loads; none where a weight is missing.
///
/// Inputs: `ids` [texts, tokens], `places` [tokens], both whole numbers, and `mask`
/// [texts, 1, 1, tokens], 0 or far below. Output: `hidden` [texts, tokens, 384].
pub(super) fn model(weights: &Weights<'_>) -> Option<Vec<u8>> {
    let mut graph = Graph::default();
    let input = graph.embeddings(weights)?;
    let mut hidden = input;
    for layer in 0..LAYERS {
        hidden = graph.layer(weights, layer, &hidden)?;
    }
    graph.node("Identity", &[&hidden], "hidden", &[]);
    Some(graph.finish())
}

#[derive(Default)]
struct Graph {
    message: Vec<u8>,
}

impl Graph {
    fn embeddings(&mut self, weights: &Weights<'_>) -> Option<String> {
        let words = weights.tensor("embeddings.word_embeddings.weight", &[WORDS, WIDTH])?;
        let mut places =
            weights.tensor("embeddings.position_embeddings.weight", &[PLACES, WIDTH])?;
        let kinds = weights.tensor("embeddings.token_type_embeddings.weight", &[2, WIDTH])?;
        // Every token is of the first kind, so its vector goes into the places'.
        for row in places.chunks_exact_mut(WIDTH) {
            for (place, kind) in row.iter_mut().zip(&kinds) {
                *place += kind;
            }
        }
        self.floats("words", &[WORDS, WIDTH], &words);
        self.floats("places_of", &[PLACES, WIDTH], &places);
        self.node("Gather", &["words", "ids"], "e_words", &[]);
        self.node("Gather", &["places_of", "places"], "e_places", &[]);
        self.node("Add", &["e_words", "e_places"], "e_sum", &[]);
        self.wholes("split", &[0, 0, HEADS, HEAD]);
        self.wholes("joined", &[0, 0, WIDTH]);
        self.normalised(weights, "embeddings.LayerNorm", "e_sum", "e_out")
    }

    fn layer(&mut self, weights: &Weights<'_>, layer: usize, input: &str) -> Option<String> {
        let of = |part: &str| format!("encoder.layer.{layer}.{part}");
        let own = |part: &str| format!("l{layer}_{part}");
        let square = (WIDTH, WIDTH);
        // A dot product's scale is put into the queries.
        let scale = 1.0 / (HEAD as f32).sqrt();
        for (part, scale, turn) in [
            ("query", scale, &[0u64, 2, 1, 3]),
            ("key", 1.0, &[0, 2, 3, 1]),
            ("value", 1.0, &[0, 2, 1, 3]),
        ] {
            let name = of(&format!("attention.self.{part}"));
            let flat = own(part);
            self.product(weights, (&name, square, scale), input, &flat)?;
            let split = own(&format!("{part}_split"));
            self.node("Reshape", &[&flat, "split"], &split, &[]);
            let turned = own(&format!("{part}_heads"));
            let order = [Attribute::Wholes("perm", turn)];
            self.node("Transpose", &[&split], &turned, &order);
        }
        let (queries, keys) = (own("query_heads"), own("key_heads"));
        self.node("MatMul", &[&queries, &keys], &own("raw"), &[]);
        self.node("Add", &[&own("raw"), "mask"], &own("masked"), &[]);
        let last = [Attribute::Whole("axis", -1)];
        self.node("Softmax", &[&own("masked")], &own("shares"), &last);
        let values = own("value_heads");
        self.node("MatMul", &[&own("shares"), &values], &own("mixed"), &[]);
        let order = [Attribute::Wholes("perm", &[0, 2, 1, 3])];
        self.node("Transpose", &[&own("mixed")], &own("turned"), &order);
        self.node("Reshape", &[&own("turned"), "joined"], &own("flat"), &[]);
        let name = of("attention.output.dense");
        self.product(weights, (&name, square, 1.0), &own("flat"), &own("att"))?;
        self.node("Add", &[&own("att"), input], &own("att_sum"), &[]);
        let name = of("attention.output.LayerNorm");
        let middle = self.normalised(weights, &name, &own("att_sum"), &own("middle"))?;
        let name = of("intermediate.dense");
        self.product(weights, (&name, (INNER, WIDTH), 1.0), &middle, &own("up"))?;
        self.node("Gelu", &[&own("up")], &own("bent"), &[]);
        let name = of("output.dense");
        let down = (WIDTH, INNER);
        self.product(weights, (&name, down, 1.0), &own("bent"), &own("down"))?;
        self.node("Add", &[&own("down"), &middle], &own("out_sum"), &[]);
        let name = of("output.LayerNorm");
        self.normalised(weights, &name, &own("out_sum"), &own("out"))
    }

    /// A linear layer: the stored matrix has a row for each output.
    fn product(
        &mut self,
        weights: &Weights<'_>,
        (name, (rows, columns), scale): (&str, (usize, usize), f32),
        input: &str,
        output: &str,
    ) -> Option<()> {
        let stored = weights.tensor(&format!("{name}.weight"), &[rows, columns])?;
        let mut bias = weights.tensor(&format!("{name}.bias"), &[rows])?;
        bias.iter_mut().for_each(|one| *one *= scale);
        let turned: Vec<f32> = (0..columns)
            .flat_map(|column| stored.iter().skip(column).step_by(columns))
            .map(|one| one * scale)
            .collect();
        let (matrix, added) = (format!("{output}_w"), format!("{output}_b"));
        let raw = format!("{output}_raw");
        self.floats(&matrix, &[columns, rows], &turned);
        self.floats(&added, &[rows], &bias);
        self.node("MatMul", &[input, &matrix], &raw, &[]);
        self.node("Add", &[&raw, &added], output, &[]);
        Some(())
    }

    fn normalised(
        &mut self,
        weights: &Weights<'_>,
        name: &str,
        input: &str,
        output: &str,
    ) -> Option<String> {
        let scale = weights.tensor(&format!("{name}.weight"), &[WIDTH])?;
        let bias = weights.tensor(&format!("{name}.bias"), &[WIDTH])?;
        let (by, added) = (format!("{output}_by"), format!("{output}_add"));
        self.floats(&by, &[WIDTH], &scale);
        self.floats(&added, &[WIDTH], &bias);
        let how = [
            Attribute::Whole("axis", -1),
            Attribute::Float("epsilon", EPSILON),
        ];
        self.node("LayerNormalization", &[input, &by, &added], output, &how);
        Some(output.to_owned())
    }

    fn node(&mut self, operator: &str, inputs: &[&str], output: &str, how: &[Attribute<'_>]) {
        let mut node = Vec::new();
        for input in inputs {
            text(&mut node, field::NODE_INPUT, input);
        }
        text(&mut node, field::NODE_OUTPUT, output);
        text(&mut node, field::NODE_OPERATOR, operator);
        for one in how {
            message(&mut node, field::NODE_ATTRIBUTE, &one.message());
        }
        message(&mut self.message, field::GRAPH_NODE, &node);
    }

    fn floats(&mut self, name: &str, shape: &[usize], numbers: &[f32]) {
        let bytes: Vec<u8> = numbers.iter().flat_map(|one| one.to_le_bytes()).collect();
        self.weight(name, shape, FLOAT, &bytes);
    }

    fn wholes(&mut self, name: &str, numbers: &[usize]) {
        let bytes: Vec<u8> = numbers
            .iter()
            .flat_map(|one| size(*one).to_le_bytes())
            .collect();
        self.weight(name, &[numbers.len()], WHOLE, &bytes);
    }

    fn weight(&mut self, name: &str, shape: &[usize], kind: u64, bytes: &[u8]) {
        let mut tensor = Vec::with_capacity(bytes.len() + 64);
        for one in shape {
            put(&mut tensor, field::TENSOR_SIZE, Value::Number(size(*one)));
        }
        put(&mut tensor, field::TENSOR_KIND, Value::Number(kind));
        text(&mut tensor, field::TENSOR_NAME, name);
        message(&mut tensor, field::TENSOR_BYTES, bytes);
        message(&mut self.message, field::GRAPH_WEIGHT, &tensor);
    }

    fn finish(mut self) -> Vec<u8> {
        use Dimension::{Named, Of};
        let (texts, tokens) = (Named("texts"), Named("tokens"));
        let one = Of(1);
        let inputs = [
            value("ids", WHOLE, &[texts, tokens]),
            value("places", WHOLE, &[tokens]),
            value("mask", FLOAT, &[texts, one, one, tokens]),
        ];
        for input in inputs {
            message(&mut self.message, field::GRAPH_INPUT, &input);
        }
        let output = value("hidden", FLOAT, &[texts, tokens, Of(WIDTH)]);
        message(&mut self.message, field::GRAPH_OUTPUT, &output);
        text(&mut self.message, field::GRAPH_NAME, "sentences");
        let mut operators = Vec::new();
        let version = Value::Number(OPERATORS);
        put(&mut operators, field::OPERATORS_VERSION, version);
        let mut model = Vec::with_capacity(self.message.len() + 64);
        put(&mut model, field::MODEL_FORMAT, Value::Number(FORMAT));
        message(&mut model, field::MODEL_OPERATORS, &operators);
        message(&mut model, field::MODEL_GRAPH, &self.message);
        model
    }
}

impl Attribute<'_> {
    fn message(&self) -> Vec<u8> {
        let mut made = Vec::new();
        let (name, kind) = match self {
            Self::Float(name, number) => {
                let number = Value::Four(number.to_le_bytes());
                put(&mut made, field::ATTRIBUTE_FLOAT, number);
                (name, 1)
            }
            Self::Whole(name, number) => {
                let number = Value::Number(number.cast_unsigned());
                put(&mut made, field::ATTRIBUTE_WHOLE, number);
                (name, 2)
            }
            Self::Wholes(name, numbers) => {
                for number in *numbers {
                    put(&mut made, field::ATTRIBUTE_WHOLES, Value::Number(*number));
                }
                (name, 7)
            }
        };
        text(&mut made, field::ATTRIBUTE_NAME, name);
        put(&mut made, field::ATTRIBUTE_KIND, Value::Number(kind));
        made
    }
}

#[derive(Clone, Copy)]
enum Dimension {
    Of(usize),
    Named(&'static str),
}

/// An input or output with its shape.
fn value(name: &str, kind: u64, shape: &[Dimension]) -> Vec<u8> {
    let mut sizes = Vec::new();
    for one in shape {
        let mut dimension = Vec::new();
        match one {
            Dimension::Of(number) => {
                let number = Value::Number(size(*number));
                put(&mut dimension, field::SIZE_NUMBER, number);
            }
            Dimension::Named(name) => text(&mut dimension, field::SIZE_NAME, name),
        }
        message(&mut sizes, field::SHAPE_SIZE, &dimension);
    }
    let mut tensor = Vec::new();
    put(&mut tensor, field::TENSOR_TYPE_KIND, Value::Number(kind));
    message(&mut tensor, field::TENSOR_TYPE_SHAPE, &sizes);
    let mut of_type = Vec::new();
    message(&mut of_type, field::TYPE_TENSOR, &tensor);
    let mut made = Vec::new();
    text(&mut made, field::VALUE_NAME, name);
    message(&mut made, field::VALUE_TYPE, &of_type);
    made
}

fn message(into: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put(into, field, Value::Bytes(bytes));
}

fn text(into: &mut Vec<u8>, field: u64, text: &str) {
    message(into, field, text.as_bytes());
}

fn size(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
