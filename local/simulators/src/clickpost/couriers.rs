//! The couriers of the account, each with the courier accounts that the merchant named on the dashboard.
//!
//! The vendor publishes no list of its courier ids. These are from its examples, except for [`NESTED`].

use crate::clickpost::refusal::Refusal;
use crate::ways::Direction;

/// An aggregator behind the aggregator. Its real id is not published; this one is the simulator's own.
const NESTED: i64 = 9001;

/// One courier.
#[derive(Debug)]
pub(super) struct Courier {
    pub(super) cp_id: i64,
    pub(super) name: &'static str,
    directions: &'static [Direction],
    habits: &'static [Habit],
    pub(super) accounts: &'static [Account],
}

/// An account at a courier, known by its alias.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) code: &'static str,
    pub(super) id: u32,
    pub(super) is_active: bool,
}

/// A courier's special behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// It has no synchronous API: its orders are always queued.
    Queues,
    /// It cancels later.
    CancelsLater,
    /// It issues AWBs in advance; a requested AWB must be one of them.
    IssuesAwbsInAdvance,
    /// It requires `additional.vendor_code`.
    WantsVendorCode,
    /// Its barcodes cannot contain a reference number longer than [`SHORT_REFERENCE`].
    ShortReferences,
    /// Each item is a piece with its own waybill.
    MultiPiece,
    /// `latest_status` is one scan behind.
    LatestStatusLags,
    /// The webhook of a failed delivery has no waybill.
    OmitsWaybillOnFailure,
    /// The times of its scans contain blanks.
    BlanksInTime,
}

/// Maximum length of a reference number with [`Habit::ShortReferences`].
pub(super) const SHORT_REFERENCE: usize = 20;

const FORWARD: &[Direction] = &[Direction::Forward];
const RETURN: &[Direction] = &[Direction::Return];
const BOTH: &[Direction] = &[Direction::Forward, Direction::Return];

static COURIERS: [Courier; 12] = [
    Courier {
        cp_id: 1,
        name: "Fedex",
        directions: BOTH,
        habits: &[Habit::OmitsWaybillOnFailure],
        accounts: &[account("fedex-priority", 70_101)],
    },
    Courier {
        cp_id: 3,
        name: "EcomExpress",
        directions: FORWARD,
        habits: &[Habit::IssuesAwbsInAdvance, Habit::BlanksInTime],
        accounts: &[account("ecom-ground", 70_301)],
    },
    Courier {
        cp_id: 4,
        name: "Delhivery",
        directions: FORWARD,
        habits: &[],
        accounts: &[account("delhivery-surface", 70_401)],
    },
    Courier {
        cp_id: 5,
        name: "Bluedart",
        directions: FORWARD,
        habits: &[Habit::ShortReferences],
        accounts: &[
            account("bluedart-air", 70_501),
            Account {
                code: "bluedart-closed",
                id: 70_502,
                is_active: false,
            },
        ],
    },
    Courier {
        cp_id: 6,
        name: "Xpressbees",
        directions: BOTH,
        habits: &[Habit::LatestStatusLags],
        accounts: &[
            account("xpressbees-surface", 70_601),
            account("xpressbees-express", 70_602),
        ],
    },
    Courier {
        cp_id: 25,
        name: "Delhivery",
        directions: RETURN,
        habits: &[],
        accounts: &[account("delhivery-returns", 72_501)],
    },
    Courier {
        cp_id: 35,
        name: "Self",
        directions: BOTH,
        habits: &[],
        accounts: &[account("own-fleet", 73_501)],
    },
    Courier {
        cp_id: 55,
        name: "Ekart",
        directions: BOTH,
        habits: &[Habit::Queues],
        accounts: &[account("ekart-standard", 75_501)],
    },
    Courier {
        cp_id: 113,
        name: "Delhivery MPS",
        directions: FORWARD,
        habits: &[Habit::WantsVendorCode],
        accounts: &[account("delhivery-b2b", 81_301)],
    },
    Courier {
        cp_id: 138,
        name: "Naqel",
        directions: BOTH,
        habits: &[],
        accounts: &[account("naqel-gulf", 83_801)],
    },
    Courier {
        cp_id: 164,
        name: "DHL MPS",
        directions: FORWARD,
        habits: &[Habit::MultiPiece],
        accounts: &[account("dhl-world", 86_401)],
    },
    Courier {
        cp_id: NESTED,
        name: "Shiprocket",
        directions: BOTH,
        habits: &[Habit::CancelsLater],
        accounts: &[account("shiprocket-pool", 99_001)],
    },
];

const fn account(code: &'static str, id: u32) -> Account {
    Account {
        code,
        id,
        is_active: true,
    }
}

/// All couriers.
pub(super) fn all() -> &'static [Courier] {
    &COURIERS
}

/// The courier with this id.
pub(super) fn by_id(cp_id: i64) -> Option<&'static Courier> {
    COURIERS.iter().find(|courier| courier.cp_id == cp_id)
}

impl Courier {
    pub(super) fn has(&self, habit: Habit) -> bool {
        self.habits.contains(&habit)
    }

    pub(super) fn goes(&self, direction: Direction) -> bool {
        self.directions.contains(&direction)
    }

    /// The account with this alias; without an alias, the only active account.
    pub(super) fn account(&self, code: Option<&str>) -> Result<&'static Account, Refusal> {
        match code {
            Some(code) => self.named_account(code),
            None => self.only_account(),
        }
    }

    fn named_account(&self, code: &str) -> Result<&'static Account, Refusal> {
        let account = self.accounts.iter().find(|account| account.code == code);
        match account {
            Some(account) if account.is_active => Ok(account),
            Some(_) => Err(Refusal::of(353, "Clickpost Account: Inactive")),
            None => Err(Refusal::unknown_account()),
        }
    }

    fn only_account(&self) -> Result<&'static Account, Refusal> {
        let mut active = self.accounts.iter().filter(|account| account.is_active);
        let only = active.next().ok_or_else(Refusal::unknown_account)?;
        match active.next() {
            None => Ok(only),
            Some(_) => Err(Refusal::of(
                352,
                "Clickpost Account: more than one exists, account_code must be given",
            )),
        }
    }
}
