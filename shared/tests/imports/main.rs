//! The rules of the rooms, as documented in ARCHITECTURE.md, "Rooms": these tests read them there and check the
//! sources.

#[cfg(test)]
mod adapters;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod names;
#[cfg(test)]
mod page;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod sources;
