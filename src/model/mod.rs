//! Plain data that both halves of Kith share: no I/O, no framework, no clock but the caller's.

mod batch;
mod contact;
mod event;
mod group;
mod ids;
mod message;
mod people;
mod snapshot;

pub mod administration;
pub mod limits;
pub mod mention;
pub mod validation;

pub use batch::{Batch, Cursor, Hold, Opening, Presence, Typing};
pub use contact::{Contact, Conversation};
pub use event::{Event, EventKind};
pub use group::{
    Group, GroupAct, GroupInvitation, GroupMember, GroupMembers, JoinLink, JoinOffer, JoinRequest,
    Membership, Role, SystemLine,
};
pub use ids::{ClientId, EventId, GroupId, SignInId, Timestamp, UserId};
pub use message::{History, Message, Quote};
pub use people::{
    Contacts, Friend, FriendRequest, Me, PeoplePage, Person, Profile, Registration, Relation,
    SignIn,
};
pub use snapshot::{ConversationState, OpenConversation, OwnCopy, Snapshot};
