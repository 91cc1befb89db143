//! Plain data that both halves of Kith share: no I/O, no framework, and no clock of its own.

mod batch;
mod contact;
mod cursor;
mod event;
mod group;
mod group_rules;
mod ids;
mod message;
mod people;
mod snapshot;

pub mod administration;
pub mod characters;
pub mod limits;
pub mod mention;
pub mod validation;

pub use batch::{Batch, Presence, SOCKET_PATH, SocketOpening, Typing};
pub use contact::{Contact, Conversation};
pub use cursor::Cursor;
pub use event::{Event, EventKind};
pub use group::{
    Group, GroupInvitation, GroupMember, GroupMembers, JoinLink, JoinOffer, JoinRequest,
    Membership, SystemLine,
};
pub use group_rules::{GroupAction, Role};
pub use ids::{ClientId, EventId, GroupId, HoldMs, SignInId, Timestamp, UserId};
pub use message::{History, Message, Quote};
pub use people::{
    Contacts, Friend, FriendRequest, Me, PeoplePage, Person, Profile, Registration, Relation,
    SignIn,
};
pub use snapshot::{ConversationState, OpenConversation, OwnCopy, Snapshot};
