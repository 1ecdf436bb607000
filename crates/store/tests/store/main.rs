//! What the store promises, on every engine it runs on: SQLite with a folder, and PostgreSQL with
//! an S3 store. A test's database is its own and is dropped with it.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod at_rest;
#[cfg(test)]
mod continuing;
#[cfg(test)]
mod definitions;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod erasing;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod holding;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod measuring;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod redaction;
#[cfg(test)]
mod registers;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod world;

/// Runs each case on each engine.
macro_rules! on_every_engine {
    ($($case:ident,)*) => {
        mod sqlite {
            $(#[tokio::test] async fn $case() {
                super::$case(crate::world::World::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test] async fn $case() {
                super::$case(crate::world::World::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_every_engine;
