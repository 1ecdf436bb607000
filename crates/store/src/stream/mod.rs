//! Long sealed bytes in chunks (the STREAM construction), so that playback can seek.
//!
//! Version 1: a header (version byte, binary logarithm of the chunk length, 7-byte nonce prefix),
//! then chunks of 64 KiB plain text, each with its tag; the last may be shorter and an empty
//! stream has one empty chunk. A chunk's nonce is prefix, counter (32 bits) and a last-chunk flag;
//! its associated data is the address and the header. Chunks that are dropped, repeated, swapped,
//! cut off or taken from another stream do not open. One key seals one stream.

mod media;
#[cfg(test)]
mod tests;

use std::ops::{Range, RangeInclusive};

use domain::Chance;
use zeroize::Zeroizing;

use crate::keys::Key;
use crate::seal::{Address, NONCE, SealError, TAG, lock, push_field, unlock};

pub use media::MediaError;
pub(crate) use media::{MediaReader, MediaWriter};

const VERSION: u8 = 1;
const CHUNK_LOG2: u8 = 16;
/// Plain bytes of a chunk.
pub(crate) const CHUNK: usize = 1 << CHUNK_LOG2;
/// Bytes before the first chunk.
pub(crate) const HEADER: usize = 2 + PREFIX;
const PREFIX: usize = 7;
const CHUNK_U64: u64 = 1 << CHUNK_LOG2;
const TAG_U64: u64 = 16;
const HEADER_U64: u64 = 9;

/// What the chunks of one stream share.
struct Chunks {
    key: Key,
    prefix: [u8; PREFIX],
    associated: Vec<u8>,
}

impl Chunks {
    fn new(key: &Key, at: &Address<'_>, header: [u8; HEADER]) -> Self {
        let mut associated = at.associated("privity stream", VERSION);
        push_field(&mut associated, &header);
        let mut prefix = [0; PREFIX];
        prefix.copy_from_slice(header.split_at(HEADER - PREFIX).1);
        Self {
            key: key.clone(),
            prefix,
            associated,
        }
    }

    fn nonce(&self, number: u32, last: bool) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        let (prefix, rest) = nonce.split_at_mut(PREFIX);
        let (counter, flag) = rest.split_at_mut(4);
        prefix.copy_from_slice(&self.prefix);
        counter.copy_from_slice(&number.to_be_bytes());
        flag.copy_from_slice(&[u8::from(last)]);
        nonce
    }

    fn seal(&self, number: u32, last: bool, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = self.nonce(number, last);
        lock(&self.key, &nonce, &self.associated, plain).ok_or(SealError::TooLong)
    }

    fn open(&self, number: u32, last: bool, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let nonce = self.nonce(number, last);
        unlock(&self.key, &nonce, &self.associated, sealed)
    }
}

/// Seals a stream piece by piece; holds at most one chunk.
pub(crate) struct Sealer {
    chunks: Chunks,
    header: Option<[u8; HEADER]>,
    waiting: Zeroizing<Vec<u8>>,
    number: u32,
    length: u64,
}

impl Sealer {
    pub(crate) fn new(key: &Key, at: &Address<'_>, chance: &dyn Chance) -> Result<Self, SealError> {
        let mut header = [0; HEADER];
        let (geometry, prefix) = header.split_at_mut(HEADER - PREFIX);
        geometry.copy_from_slice(&[VERSION, CHUNK_LOG2]);
        chance.fill(prefix)?;
        Ok(Self {
            chunks: Chunks::new(key, at, header),
            header: Some(header),
            // Never grows, so that no copy is left behind unwiped.
            waiting: Zeroizing::new(Vec::with_capacity(CHUNK)),
            number: 0,
            length: 0,
        })
    }

    /// Takes plain bytes, returns the sealed bytes that are ready.
    pub(crate) fn push(&mut self, mut plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut ready = self.header.take().map_or_else(Vec::new, |h| h.to_vec());
        while !plain.is_empty() {
            // A full chunk waits until another byte shows that it is not the last.
            if self.waiting.len() == CHUNK {
                ready.extend(self.chunks.seal(self.number, false, &self.waiting)?);
                self.number = self.number.checked_add(1).ok_or(SealError::TooLong)?;
                self.waiting.clear();
            }
            let room = CHUNK - self.waiting.len();
            let (now, later) = plain.split_at(room.min(plain.len()));
            self.waiting.extend_from_slice(now);
            self.length += u64::try_from(now.len()).unwrap_or(u64::MAX);
            plain = later;
        }
        Ok(ready)
    }

    /// The last sealed bytes, and how many plain bytes went in.
    pub(crate) fn finish(mut self) -> Result<(Vec<u8>, u64), SealError> {
        let mut ready = self.push(&[])?;
        ready.extend(self.chunks.seal(self.number, true, &self.waiting)?);
        Ok((ready, self.length))
    }
}

/// A sealed stream whose header was read; opens any stretch from the chunks that hold it.
pub(crate) struct Opener {
    chunks: Chunks,
    layout: Layout,
}

impl Opener {
    /// `sealed_length` is what the blob store says, or what is at hand.
    pub(crate) fn new(
        key: &Key,
        at: &Address<'_>,
        header: &[u8],
        sealed_length: u64,
    ) -> Result<Self, SealError> {
        let header: [u8; HEADER] = header.try_into().map_err(|_| at.refused())?;
        let [version, log2, ..] = header;
        if version != VERSION {
            return Err(SealError::Version(version));
        }
        if log2 != CHUNK_LOG2 {
            return Err(at.refused());
        }
        Ok(Self {
            chunks: Chunks::new(key, at, header),
            layout: Layout::of_sealed(sealed_length).ok_or_else(|| at.refused())?,
        })
    }

    /// Plain bytes of the whole. Trustworthy once the last chunk was opened, or where it equals
    /// a length that is kept elsewhere.
    pub(crate) const fn len(&self) -> u64 {
        self.layout.plain
    }

    /// Which sealed bytes hold a stretch of plain bytes.
    pub(crate) fn window(&self, plain: Range<u64>) -> Result<Window, SealError> {
        self.layout.window(plain)
    }

    /// Opens the stretch of a window from its sealed bytes.
    pub(crate) fn open(
        &self,
        at: &Address<'_>,
        window: &Window,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
        let mut pieces = sealed.chunks(CHUNK + TAG);
        for number in window.numbers.clone() {
            let piece = pieces.next().ok_or_else(|| at.refused())?;
            let last = number == self.layout.last;
            let opened = self.chunks.open(number, last, piece);
            plain.extend_from_slice(&opened.ok_or_else(|| at.refused())?);
        }
        if pieces.next().is_some() {
            return Err(at.refused());
        }
        let wanted = plain
            .get(window.skip..window.skip + window.take)
            .ok_or_else(|| at.refused())?;
        Ok(Zeroizing::new(wanted.to_vec()))
    }
}

/// Sealed bytes to read and what to cut from their plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// Sealed bytes, offsets from the blob's start.
    pub(crate) sealed: Range<u64>,
    numbers: RangeInclusive<u32>,
    skip: usize,
    take: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    plain: u64,
    last: u32,
}

impl Layout {
    fn of_sealed(sealed: u64) -> Option<Self> {
        let body = sealed.checked_sub(HEADER_U64)?;
        let last = body.checked_sub(TAG_U64)? / (CHUNK_U64 + TAG_U64);
        let tags = (last + 1) * TAG_U64;
        let plain = body.checked_sub(tags)?;
        // A last chunk that is empty while others come before it is no stream of ours.
        let whole = last == 0 || plain > last * CHUNK_U64;
        let last = u32::try_from(last).ok()?;
        whole.then_some(Self { plain, last })
    }

    fn window(self, wanted: Range<u64>) -> Result<Window, SealError> {
        let outside = || SealError::Range {
            offset: wanted.start,
            end: wanted.end,
            length: self.plain,
        };
        if wanted.start > wanted.end || wanted.end > self.plain {
            return Err(outside());
        }
        let last = u64::from(self.last);
        let first = (wanted.start / CHUNK_U64).min(last);
        let until = wanted.end.div_ceil(CHUNK_U64).clamp(first + 1, last + 1);
        let step = CHUNK_U64 + TAG_U64;
        let end = if until > last {
            HEADER_U64 + self.plain + (last + 1) * TAG_U64
        } else {
            HEADER_U64 + until * step
        };
        let narrow = |n: u64| u32::try_from(n).map_err(|_| SealError::TooLong);
        let size = |n: u64| usize::try_from(n).map_err(|_| SealError::TooLong);
        Ok(Window {
            sealed: HEADER_U64 + first * step..end,
            numbers: narrow(first)?..=narrow(until - 1)?,
            skip: size(wanted.start - first * CHUNK_U64)?,
            take: size(wanted.end - wanted.start)?,
        })
    }
}

/// Seals what is at hand whole.
#[cfg(test)]
pub(crate) fn seal_all(
    key: &Key,
    at: &Address<'_>,
    plain: &[u8],
    chance: &dyn Chance,
) -> Result<Vec<u8>, SealError> {
    let mut sealer = Sealer::new(key, at, chance)?;
    let mut sealed = sealer.push(plain)?;
    sealed.extend(sealer.finish()?.0);
    Ok(sealed)
}

/// Opens what is at hand whole.
#[cfg(test)]
pub(crate) fn open_all(
    key: &Key,
    at: &Address<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (header, body) = sealed
        .split_at_checked(HEADER)
        .ok_or_else(|| at.refused())?;
    let length = u64::try_from(sealed.len()).map_err(|_| SealError::TooLong)?;
    let opener = Opener::new(key, at, header, length)?;
    let window = opener.window(0..opener.len())?;
    opener.open(at, &window, body)
}
