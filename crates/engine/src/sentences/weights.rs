//! Reads the numbers of a `safetensors` file: a header that says where each lies, then bytes.

use std::collections::HashMap;

use serde::Deserialize;

/// The tensors of a file, as 32-bit floats.
pub(super) struct Weights<'a> {
    places: HashMap<String, Entry>,
    bytes: &'a [u8],
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

impl<'a> Weights<'a> {
    /// None where the bytes are no such file.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (header, bytes) = rest.split_at_checked(length)?;
        let all: HashMap<String, serde_json::Value> = serde_json::from_slice(header).ok()?;
        let places: Option<HashMap<String, Entry>> = all
            .into_iter()
            .filter(|(name, _)| name != "__metadata__")
            .map(|(name, entry)| Some((name, serde_json::from_value(entry).ok()?)))
            .collect();
        Some(Self {
            places: places?,
            bytes,
        })
    }

    /// A tensor's numbers in row order; none where there is no such one of this shape.
    pub(super) fn tensor(&self, name: &str, shape: &[usize]) -> Option<Vec<f32>> {
        let entry = self.places.get(name)?;
        if entry.dtype != "F32" || entry.shape != shape {
            return None;
        }
        let (from, until) = entry.data_offsets;
        let (numbers, left) = self.bytes.get(from..until)?.as_chunks::<4>();
        let wanted = shape.iter().product::<usize>();
        let read: Vec<f32> = numbers.iter().copied().map(f32::from_le_bytes).collect();
        (left.is_empty() && read.len() == wanted).then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_is_found_by_name_and_shape_only() {
        let header = br#"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let mut file = u64::try_from(header.len()).unwrap().to_le_bytes().to_vec();
        file.extend_from_slice(header);
        file.extend(1.5f32.to_le_bytes());
        file.extend((-2.0f32).to_le_bytes());
        let weights = Weights::read(&file).unwrap();
        assert_eq!(weights.tensor("a", &[2]).unwrap(), [1.5, -2.0]);
        assert!(weights.tensor("a", &[1, 2]).is_none());
        assert!(weights.tensor("b", &[2]).is_none());
        for end in 0..file.len() {
            let cut = Weights::read(&file[..end]).and_then(|cut| cut.tensor("a", &[2]));
            assert!(cut.is_none(), "cut at {end}");
        }
    }
}
