//! The law of the rooms. It stands in ARCHITECTURE.md, "Rooms": these tests read it there and hold the sources to it.

#[cfg(test)]
mod adapters;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod names;
#[cfg(test)]
mod page;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod sources;
