//! One stored sample to one float, for every way WAV stores them.

/// How a sample is stored, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    U8,
    I16,
    I24,
    I32,
    F32,
    F64,
    MuLaw,
    ALaw,
}

impl Sample {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::MuLaw | Self::ALaw => 1,
            Self::I16 => 2,
            Self::I24 => 3,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    pub(super) const fn codec(self) -> &'static str {
        match self {
            Self::U8 => "pcm_u8",
            Self::I16 => "pcm_s16le",
            Self::I24 => "pcm_s24le",
            Self::I32 => "pcm_s32le",
            Self::F32 => "pcm_f32le",
            Self::F64 => "pcm_f64le",
            Self::MuLaw => "pcm_mulaw",
            Self::ALaw => "pcm_alaw",
        }
    }

    /// Appends every sample of the interleaved bytes to its channel.
    pub(super) fn deinterleave(self, bytes: &[u8], channels: &mut [Vec<f32>]) {
        let size = self.bytes();
        let frame = size * channels.len();
        for frame in bytes.chunks_exact(frame.max(1)) {
            for (stored, channel) in frame.chunks_exact(size).zip(channels.iter_mut()) {
                channel.push(self.value(stored));
            }
        }
    }

    fn value(self, stored: &[u8]) -> f32 {
        match (self, stored) {
            (Self::U8, &[a]) => (f32::from(a) - 128.0) / 128.0,
            (Self::MuLaw, &[a]) => f32::from(mu_law(a)) / 32_768.0,
            (Self::ALaw, &[a]) => f32::from(a_law(a)) / 32_768.0,
            (Self::I16, &[a, b]) => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            (Self::I24, &[a, b, c]) => wide(i32::from_le_bytes([0, a, b, c])),
            (Self::I32, &[a, b, c, d]) => wide(i32::from_le_bytes([a, b, c, d])),
            (Self::F32, &[a, b, c, d]) => finite(f64::from(f32::from_le_bytes([a, b, c, d]))),
            (Self::F64, &[a, b, c, d, e, f, g, h]) => {
                finite(f64::from_le_bytes([a, b, c, d, e, f, g, h]))
            }
            _ => 0.0,
        }
    }
}

fn wide(value: i32) -> f32 {
    finite(f64::from(value) / 2_147_483_648.0)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "from -1 to 1 only precision below 24 bits is lost"
)]
fn finite(value: f64) -> f32 {
    if value.is_finite() {
        value.clamp(-1.0, 1.0) as f32
    } else {
        0.0
    }
}

/// G.711 µ-law: sign, 3 bits of segment, 4 of position, all inverted.
fn mu_law(stored: u8) -> i16 {
    let bits = !stored;
    let magnitude = ((i16::from(bits & 0x0f) << 3) + 0x84) << (bits >> 4 & 7);
    if bits & 0x80 == 0 {
        magnitude - 0x84
    } else {
        0x84 - magnitude
    }
}

/// G.711 A-law: as µ-law with even bits inverted and a linear first segment.
fn a_law(stored: u8) -> i16 {
    let bits = stored ^ 0x55;
    let base = (i16::from(bits & 0x0f) << 4) + 8;
    let magnitude = match bits >> 4 & 7 {
        0 => base,
        segment => (base + 0x100) << (segment - 1),
    };
    if bits & 0x80 == 0 {
        -magnitude
    } else {
        magnitude
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g711_hits_the_values_of_the_recommendation() {
        assert_eq!(mu_law(0xff), 0);
        assert_eq!(mu_law(0x80), 32_124);
        assert_eq!(mu_law(0x00), -32_124);
        assert_eq!(a_law(0xd5), 8);
        assert_eq!(a_law(0xaa), 32_256);
        assert_eq!(a_law(0x2a), -32_256);
    }

    #[test]
    fn nonsense_floats_become_silence_and_loud_ones_full_scale() {
        assert_eq!(Sample::F32.value(&f32::NAN.to_le_bytes()), 0.0);
        assert_eq!(Sample::F32.value(&7.5f32.to_le_bytes()), 1.0);
        assert_eq!(Sample::F64.value(&(-0.5f64).to_le_bytes()), -0.5);
        assert_eq!(Sample::U8.value(&[0]), -1.0);
        assert_eq!(Sample::I24.value(&[0, 0, 0x40]), 0.5);
    }
}
