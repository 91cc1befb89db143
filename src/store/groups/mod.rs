//! Groups: who is in them, and every change to that. What a role may do is checked here, inside
//! the transaction that does it.

pub(super) mod circle;
mod founding;
mod inviting;
mod membership;
mod reading;

pub use founding::{CreateGroup, DisbandGroup, SetGroup};
pub use inviting::{AcceptGroupInvitation, CloseGroupInvitation, InviteToGroup};
pub use membership::{LeaveGroup, RemoveMember, SetRole};

pub(super) use membership::leave_all;
