//! Just enough of the protobuf wire format to change some messages of a model file and to pass
//! everything else on as it came. Pure.

/// A field's value, as it stands in the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Number(u64),
    Eight([u8; 8]),
    Bytes(&'a [u8]),
    Four([u8; 4]),
}

/// The fields of a message in order; `None` stands for a place that cannot be read.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

pub(crate) const fn fields(message: &[u8]) -> Fields<'_> {
    Fields { rest: message }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.rest = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            1 => Value::Eight(*self.take(8)?.first_chunk()?),
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Four(*self.take(4)?.first_chunk()?),
            _ => return None,
        };
        Some((key >> 3, value))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}

/// Appends a field.
pub(crate) fn put(message: &mut Vec<u8>, field: u64, value: Value<'_>) {
    let kind = match value {
        Value::Number(_) => 0,
        Value::Eight(_) => 1,
        Value::Bytes(_) => 2,
        Value::Four(_) => 5,
    };
    put_number(message, field << 3 | kind);
    match value {
        Value::Number(number) => put_number(message, number),
        Value::Eight(bytes) => message.extend(bytes),
        Value::Bytes(bytes) => {
            put_number(message, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            message.extend_from_slice(bytes);
        }
        Value::Four(bytes) => message.extend(bytes),
    }
}

fn put_number(message: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            message.push(low);
            return;
        }
        message.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_read_and_what_is_cut_is_told() {
        let mut message = Vec::new();
        let values = [
            (1, Value::Number(0)),
            (16, Value::Number(u64::MAX)),
            (2, Value::Bytes(b"twelve bytes")),
            (300, Value::Four([1, 2, 3, 4])),
            (5, Value::Eight([9; 8])),
        ];
        for (field, value) in values {
            put(&mut message, field, value);
        }
        let read: Option<Vec<_>> = fields(&message).collect();
        assert_eq!(read.unwrap(), values);
        for end in 1..message.len() {
            // A cut at a border reads as fewer fields, any other as damage; none is read wrongly.
            let read: Vec<_> = fields(&message[..end]).collect();
            let whole = read.iter().flatten().count();
            assert!(read.iter().flatten().eq(values.iter().take(whole)));
        }
    }
}
