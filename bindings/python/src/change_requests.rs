//! Bodies of set-password for many accounts.

use std::collections::VecDeque;
use std::mem;
use std::time::{Duration, Instant};

use pwseal::{Password, Threads, policy};
use pwseal_api::{Batch, KeyCache, PasswordChangeRequest};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use pyo3::{PyTraverseError, PyVisit};

use crate::account::{Account, Chosen};
use crate::batch;
use crate::context::Context;
use crate::error::{class, from_api, in_batch};
use crate::input::{self, Number, TextOrBuffer, iterate, wrong_type};
use crate::password_info::{PasswordInfo, body};
use crate::warning;

/// How many items are read before their bodies are made: some twenty milliseconds of work for one thread, which is enough
/// to share it out, and some megabytes.
const MOST: usize = 8192;

/// How long items are read before the bodies of those that there are are made.
const WAIT: Duration = Duration::from_millis(20);

/// What errors call an item.
const REQUEST: &str = "request";

/// Make the bodies of set-password for many accounts: an iterator that gives for each item, in order, what
/// PasswordInfo.change_request returns, or the exception that it raises.
///
/// An item is a tuple of account, info and password, as change_request takes them; account is None where there is one
/// only. It may have a Context as a fourth part, which is joined with the context of all items. The exception is an Error, a
/// TypeError for a wrong type, or a PasswordWarning where a filter of the module warnings makes errors of warnings. Its
/// attribute index says which item it is about, counted from 0.
///
/// Items are read as bodies are asked for, some thousands ahead at most, and no more of them than come within 20
/// milliseconds. Each password is read, and wiped with wipe=True, before the next item is asked for. The same keys and policies
/// are parsed once. Other threads run meanwhile, and a large number of items is shared out among the cores; threads is as
/// in PublicKey.encrypt_many. What the iterable raises comes after the bodies of the items before it.
///
/// >>> orders = [(None, info, "correct horse 7"), ("Abby.Smith", info, "zzzz7"), (None, info, float("nan"))]
/// >>> for result in pwseal.change_requests(orders):
/// ...     if isinstance(result, Exception):
/// ...         print(result.index, type(result).__name__)
/// ...     else:
/// ...         print(result["accountId"][:13])
/// CN=Abby Smith
/// 1 PolicyError
/// 2 TypeError
#[pyfunction]
#[pyo3(signature = (
    items, *, check_policy = true, context = None, raw = false, wipe = false, threads = None
))]
pub(crate) fn change_requests(
    items: &Bound<'_, PyAny>,
    check_policy: bool,
    context: Option<Py<Context>>,
    raw: bool,
    wipe: bool,
    threads: Option<Number<usize>>,
) -> PyResult<ChangeRequests> {
    let how = How {
        check_policy,
        raw,
        wipe,
    };
    ChangeRequests::new(items, None, context, how, batch::threads(threads)?)
}

/// How a body is made.
#[derive(Clone, Copy)]
pub(crate) struct How {
    pub(crate) check_policy: bool,
    pub(crate) raw: bool,
    pub(crate) wipe: bool,
}

/// The iterator of change_requests and PasswordInfo.change_request_many. It belongs to one thread at a time.
///
/// >>> requests = info.change_request_many([(None, "correct horse 7")])
/// >>> sorted(next(requests))
/// ['accountId', 'encryptedPassword', 'identityId', 'publicKeyId', 'sourceId']
/// >>> next(requests, "no more")
/// 'no more'
#[pyclass(module = "pwseal")]
pub(crate) struct ChangeRequests {
    /// None once it has nothing more.
    items: Option<Py<PyIterator>>,
    /// Of all items, if it is the same.
    info: Option<Py<PasswordInfo>>,
    /// Of all items.
    context: Option<Py<Context>>,
    how: How,
    threads: Threads,
    keys: KeyCache,
    /// The index of the next item that is read.
    read: usize,
    /// The index of the next result that is given away.
    given: usize,
    /// What is made and not asked for yet.
    ready: VecDeque<PyResult<PasswordChangeRequest>>,
    /// What the iterable raised after the items that are ready.
    raised: Option<PyErr>,
}

/// An item with all that a body is made of.
struct Order {
    info: Py<PasswordInfo>,
    account: Chosen,
    password: Password,
    /// If it is another than that of all items.
    known: Option<policy::Context>,
}

#[pymethods]
impl ChangeRequests {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if self.ready.is_empty() && self.raised.is_none() {
            self.fill(py)?;
        }
        let Some(made) = self.ready.pop_front() else {
            return self.raised.take().map_or(Ok(None), Err);
        };
        let index = self.given;
        self.given += 1;
        let error = match made {
            Ok(change) => match warning::warn(py, change.warnings()) {
                Ok(()) => return Ok(Some(body(py, &change)?.into_any())),
                Err(error) if error.is_instance(py, &class(py, "PasswordWarning")?) => {
                    error.value(py).setattr("index", index)?;
                    error
                }
                Err(other) => return Err(other),
            },
            Err(error) => error,
        };
        Ok(Some(error.into_value(py).into_bound(py).into_any()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.items)?;
        visit.call(&self.info)?;
        visit.call(&self.context)
    }

    fn __clear__(&mut self) {
        self.items = None;
        self.info = None;
        self.context = None;
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.ChangeRequests at index {}>", self.given)
    }
}

impl ChangeRequests {
    pub(crate) fn new(
        items: &Bound<'_, PyAny>,
        info: Option<Py<PasswordInfo>>,
        context: Option<Py<Context>>,
        how: How,
        threads: Threads,
    ) -> PyResult<Self> {
        let wanted = match info {
            None => "an iterable of tuples of account, info and password",
            Some(_) => "an iterable of tuples of account and password",
        };
        Ok(Self {
            items: Some(iterate(items, wanted)?.unbind()),
            info,
            context,
            how,
            threads,
            keys: KeyCache::new(),
            read: 0,
            given: 0,
            ready: VecDeque::new(),
            raised: None,
        })
    }
    /// Reads items and makes their bodies.
    fn fill(&mut self, py: Python<'_>) -> PyResult<()> {
        let first = self.read;
        let (mut orders, mut refusals) = (Vec::new(), Vec::new());
        let start = Instant::now();
        while refusals.is_empty() || (refusals.len() < MOST && start.elapsed() < WAIT) {
            match self.read_one(py) {
                Ok(Some(Ok(order))) => {
                    orders.push(order);
                    refusals.push(None);
                }
                Ok(None) => {
                    self.items = None;
                    break;
                }
                Ok(Some(Err(error))) if is_about_an_item(py, &error)? => {
                    refusals.push(Some(error));
                }
                Ok(Some(Err(error))) | Err(error) => {
                    self.items = None;
                    self.raised = Some(error);
                    break;
                }
            }
        }
        self.read += refusals.len();
        py.check_signals().inspect_err(|_| self.items = None)?;
        let (how, threads) = (self.how, self.threads);
        let known = self.context.as_ref().map(|context| context.get().known());
        let made = py.detach(|| make(&mut orders, known, how, threads));
        let mut made = made.into_iter().flatten();
        for (index, refusal) in (first..).zip(refusals) {
            let result = match refusal {
                Some(error) => Err(error),
                None => made
                    .next()
                    .expect("one for each order")
                    .map_err(|error| from_api(py, error)),
            };
            let result = result.map_err(|error| in_batch(py, error, REQUEST, index));
            self.ready.push_back(result);
        }
        Ok(())
    }

    /// None if there is no more. The outer error is the iterable's, the inner one an item's.
    fn read_one(&mut self, py: Python<'_>) -> PyResult<Option<PyResult<Order>>> {
        let Some(items) = &self.items else {
            return Ok(None);
        };
        let Some(item) = items.bind(py).clone().next() else {
            return Ok(None);
        };
        let item = item?;
        Ok(Some(self.order(py, &item)))
    }

    fn order(&mut self, py: Python<'_>, item: &Bound<'_, PyAny>) -> PyResult<Order> {
        let (info, account, password, context) = match &self.info {
            Some(info) => {
                let wanted = "a tuple of account and password";
                let ([account, password], context) = parts(item, wanted)?;
                (info.clone_ref(py), account, password, context)
            }
            None => {
                let wanted = "a tuple of account, info and password";
                let ([account, info, password], context) = parts(item, wanted)?;
                let info = match info.cast_into::<PasswordInfo>() {
                    Ok(info) => info.unbind(),
                    Err(error) => {
                        return Err(wrong_type(&error.into_inner(), "a PasswordInfo as info"));
                    }
                };
                (info, account, password, context)
            }
        };
        let password: TextOrBuffer<'_> = password.extract()?;
        let password = input::password(py, &password, self.how.wipe)?.with_raw(self.how.raw);
        let account: Option<Account<'_>> = account.extract()?;
        let known = context
            .map(|context| self.joined(py, &context))
            .transpose()?;
        info.get().parse_with(&mut self.keys);
        Ok(Order {
            account: Chosen::read(account.as_ref())?,
            info,
            password,
            known: known.flatten(),
        })
    }

    /// What is known of an item and of all; nothing if that is the same as what is known of all.
    fn joined(
        &self,
        py: Python<'_>,
        context: &Bound<'_, PyAny>,
    ) -> PyResult<Option<policy::Context>> {
        if context.is_none() {
            return Ok(None);
        }
        let Ok(own) = context.cast::<Context>() else {
            return Err(wrong_type(context, "a Context as context"));
        };
        let own = own.get();
        match &self.context {
            Some(context) => context.get().joined(py, own).map(Some),
            None => Ok(Some(own.known().clone())),
        }
    }
}

/// The parts of an item, which is a tuple of so many, and the context that may be one more.
type Parts<'py, const N: usize> = ([Bound<'py, PyAny>; N], Option<Bound<'py, PyAny>>);

fn parts<'py, const N: usize>(item: &Bound<'py, PyAny>, wanted: &str) -> PyResult<Parts<'py, N>> {
    let Ok(tuple) = item.cast::<PyTuple>() else {
        return Err(wrong_type(item, wanted));
    };
    let mut parts: Vec<_> = tuple.iter().collect();
    let context = match parts.len() == N + 1 {
        true => parts.pop(),
        false => None,
    };
    match parts.try_into() {
        Ok(parts) => Ok((parts, context)),
        Err(parts) => Err(PyTypeError::new_err(format!(
            "{wanted} is wanted, not a tuple of {}",
            parts.len()
        ))),
    }
}

/// Whether an exception is about one item, and no reason to end.
fn is_about_an_item(py: Python<'_>, error: &PyErr) -> PyResult<bool> {
    Ok(error.is_instance_of::<PyTypeError>(py) || error.is_instance(py, &class(py, "Error")?))
}

/// Makes bodies of orders, one for each.
fn make(
    orders: &mut [Order],
    known: Option<&policy::Context>,
    how: How,
    threads: Threads,
) -> Vec<Vec<Result<PasswordChangeRequest, pwseal_api::Error>>> {
    let sizes = orders.iter().map(|order| order.info.get().key_size());
    let size = sizes.max().unwrap_or_default();
    let (count, shares) = (orders.len(), orders.chunks_mut(Threads::SHARE));
    threads.share_out(count, size, shares, |share| {
        let mut batch = Batch::new();
        for order in share {
            let known = order.known.as_ref().or(known);
            let recipient = order.info.get().recipient(&order.account, known);
            let password = mem::replace(&mut order.password, Password::empty());
            match how.check_policy {
                true => batch.push(recipient, password),
                false => batch.push_despite_policy(recipient, password),
            }
        }
        batch.finish()
    })
}
