//! The change of a password from the query to its end, over whatever sends requests.

use core::error;
use core::fmt;
use core::future::{Future, Ready, ready};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::time::Instant;

use http::{Request, Response, StatusCode};
use pwseal::Password;

use crate::answer::AnswerError;
use crate::api::{Api, authorize};
use crate::error::Error;
use crate::operation::Operation;
use crate::password_info::{PasswordInfo, PasswordInfoQuery};
use crate::poll::{Next, RATE_LIMIT_WINDOW, StatusPoll};
use crate::status::{PasswordChangeResponse, PasswordStatus};

/// The change of one password: query, set, and the wait for its end. It has no network and no timer of its own: the
/// caller gives a function that sends a request without following redirects, and one that waits.
///
/// ```
/// use pwseal::Password;
/// use pwseal_api::{Api, ApiVersion, Exchange, ExchangeError, PasswordInfoQuery};
/// # use pwseal_api::http::{Request, Response};
///
/// # fn your_client(request: Request<Vec<u8>>) -> std::io::Result<Response<Vec<u8>>> {
/// #     let body = match request.uri().path().rsplit('/').next().unwrap() {
/// #         "query-password-info" => include_str!("../tests/data/password-info.json"),
/// #         "set-password" => return Ok(Response::builder().status(202).body(r#"{"requestId": "1"}"#.into()).unwrap()),
/// #         _ => r#"{"state": "FINISHED"}"#,
/// #     };
/// #     Ok(Response::new(body.into()))
/// # }
/// # let token = "eyJhbGciOi.J9.c2ln";
/// let api = Api::new(ApiVersion::V2026, "acme")?;
/// let query = PasswordInfoQuery::new("Abby.Smith", "My-AD");
/// let exchange = Exchange::new(&api, token, &query);
/// # let exchange = exchange.with_poll(pwseal_api::StatusPoll::new());
/// let outcome = exchange.run(&Password::new("correct horse 7")?, your_client, std::thread::sleep);
/// match outcome {
///     Ok(_) => println!("The password is changed."),
///     Err(error) if error.outcome_is_unknown() => println!("It may be changed: {error}"),
///     Err(error) => println!("It is not changed: {error}"),
/// }
/// # Ok::<(), pwseal_api::Error>(())
/// ```
///
/// A question after the state that gets no answer is asked again. A query whose answer is an error that may pass is sent again, and an
/// order after 429, which says that it was not taken: when the server wants it, as long as the patience lasts. Nothing else is
/// sent twice: the order may have been carried out.
///
/// A change may take longer than a token lasts. Who has a new one sets the header `Authorization` anew in the function that sends.
#[derive(Clone)]
pub struct Exchange<'a> {
    api: &'a Api,
    token: &'a str,
    query: &'a PasswordInfoQuery<'a>,
    account: Option<&'a str>,
    poll: StatusPoll,
}

/// Without the token.
impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("api", &self.api)
            .field("query", &self.query)
            .field("account", &self.account)
            .field("poll", &self.poll)
            .finish_non_exhaustive()
    }
}

/// Why a password is not changed, or not known to be. `E` is the error of the function that sends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeError<E> {
    /// A request could not be made: the password violates a policy, an account must be chosen, and so on.
    Request(Error),
    /// A request got no answer.
    #[non_exhaustive]
    Send {
        /// What was asked for.
        operation: Operation,
        /// What the function that sends says.
        error: E,
    },
    /// An answer is not the one that was wanted.
    Answer(AnswerError),
    /// The change was ordered, and the answer has no id by which to ask for its state.
    NoRequestId,
    /// The platform did not change the password.
    #[non_exhaustive]
    Failed {
        /// Why, in the platform's words. May be empty.
        reasons: Vec<String>,
    },
    /// The patience is used up.
    #[non_exhaustive]
    TimedOut {
        /// Why the last answer did not count, if it did not.
        error: Option<AnswerError>,
    },
}

impl<E> ExchangeError<E> {
    /// Whether the password may be changed all the same, now or later. To order it again sets the same password, which
    /// a policy with a password history may then refuse.
    #[must_use]
    pub fn outcome_is_unknown(&self) -> bool {
        match self {
            Self::Request(_) | Self::Failed { .. } => false,
            Self::NoRequestId | Self::TimedOut { .. } => true,
            Self::Send { operation, .. } => *operation != Operation::QueryPasswordInfo,
            Self::Answer(error) => match error.operation() {
                Operation::QueryPasswordInfo => false,
                // Only an error of the client's says that nothing was done.
                Operation::SetPassword => !error.status().is_client_error(),
                _ => true,
            },
        }
    }
}

impl<E: fmt::Display> fmt::Display for ExchangeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::Send { operation, error } => write!(f, "{operation} got no answer: {error}"),
            Self::Answer(error) => error.fmt(f),
            Self::NoRequestId => f.write_str(
                "the change is ordered, but the answer has no request id: its end cannot be asked for",
            ),
            Self::Failed { reasons } if reasons.is_empty() => {
                f.write_str("the password change FAILED, without a reason")
            }
            Self::Failed { reasons } => {
                write!(f, "the password change FAILED: {}", reasons.join("; "))
            }
            Self::TimedOut { error: None } => {
                f.write_str("the password change takes too long; it may still be done")
            }
            Self::TimedOut { error: Some(error) } => write!(
                f,
                "the password change takes too long; it may still be done; at last {error}"
            ),
        }
    }
}

impl<E: error::Error + 'static> error::Error for ExchangeError<E> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Request(error) => error.source(),
            Self::Send { error, .. } => Some(error),
            Self::Answer(error) | Self::TimedOut { error: Some(error) } => error.source(),
            Self::NoRequestId | Self::Failed { .. } | Self::TimedOut { error: None } => None,
        }
    }
}

impl<E> From<Error> for ExchangeError<E> {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}

impl<E> From<AnswerError> for ExchangeError<E> {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl<'a> Exchange<'a> {
    /// For one account, with the patience of [`StatusPoll::new`].
    #[must_use]
    pub fn new(api: &'a Api, token: &'a str, query: &'a PasswordInfoQuery<'a>) -> Self {
        Self {
            api,
            token,
            query,
            account: None,
            poll: StatusPoll::new(),
        }
    }

    /// The account, by its id or name, where there are several.
    #[must_use]
    pub fn with_account(self, account: &'a str) -> Self {
        Self {
            account: Some(account),
            ..self
        }
    }

    /// Asks for the state at another pace, or with another patience.
    #[must_use]
    pub fn with_poll(self, poll: StatusPoll) -> Self {
        Self { poll, ..self }
    }

    /// Changes the password. What is returned are errors that the platform reports all the same; in general there are none.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`]: [`outcome_is_unknown`](ExchangeError::outcome_is_unknown) says whether the password may be
    /// changed all the same.
    pub fn run<B: AsRef<[u8]>, E>(
        &self,
        password: &Password,
        mut send: impl FnMut(Request<Vec<u8>>) -> Result<Response<B>, E>,
        mut wait: impl FnMut(Duration),
    ) -> Result<Vec<String>, ExchangeError<E>> {
        let send = |request| ready(send(request));
        let wait = |time| -> Ready<()> {
            wait(time);
            ready(())
        };
        let exchange = pin!(self.run_async(password, send, wait));
        // Nothing that is awaited is ever pending.
        match exchange.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => unreachable!("all that is awaited is ready"),
        }
    }

    /// The same over functions that return futures, for any runtime.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run). Where the future is dropped after the change was ordered, its outcome is not known.
    pub async fn run_async<B: AsRef<[u8]>, E, S, W>(
        &self,
        password: &Password,
        mut send: impl FnMut(Request<Vec<u8>>) -> S,
        mut wait: impl FnMut(Duration) -> W,
    ) -> Result<Vec<String>, ExchangeError<E>>
    where
        S: Future<Output = Result<Response<B>, E>>,
        W: Future<Output = ()>,
    {
        let lost = |operation| move |error| ExchangeError::Send { operation, error };

        let mut waited = Duration::ZERO;
        let change = loop {
            let request = self.with_token(self.api.query_password_info(self.query)?)?;
            let answer = send(request).await;
            let answer = answer.map_err(lost(Operation::QueryPasswordInfo))?;
            match PasswordInfo::from_response(&answer) {
                Ok(info) => break info.change_request(self.account, password)?,
                Err(error) if error.retryable() => {
                    let pause = self.pause(error, &mut waited)?;
                    wait(pause).await;
                }
                Err(error) => return Err(error.into()),
            }
        };

        let mut waited = Duration::ZERO;
        let (ordered, id) = loop {
            let request = self.with_token(self.api.set_password(&change)?)?;
            let ordered = Instant::now();
            let answer = send(request).await.map_err(lost(Operation::SetPassword))?;
            match PasswordChangeResponse::from_response(&answer) {
                Ok(response) => break (ordered, response.request_id),
                Err(error) if error.status() == StatusCode::TOO_MANY_REQUESTS => {
                    let pause = self.pause(error, &mut waited)?;
                    wait(pause).await;
                }
                Err(error) => return Err(error.into()),
            }
        };
        let id = id.ok_or(ExchangeError::NoRequestId)?;

        // The clock of a program that sleeps with its machine may stand still meanwhile.
        let mut waited = Duration::ZERO;
        let mut delay = self.poll.delay(Duration::ZERO);
        loop {
            wait(delay).await;
            waited += delay;
            let request = self.with_token(self.api.password_change_status(&id)?)?;
            let answer = send(request).await;
            let elapsed = ordered.elapsed().max(waited);
            let answer = match answer {
                Ok(answer) => PasswordStatus::from_response(&answer),
                Err(_) if self.poll.has_patience(elapsed) => {
                    delay = self.poll.delay(elapsed);
                    continue;
                }
                Err(error) => return Err(lost(Operation::PasswordChangeStatus)(error)),
            };
            match self.poll.next(answer, elapsed) {
                Next::AskAgain { after, .. } => delay = after,
                Next::Finished { reasons } => return Ok(reasons),
                Next::Failed { reasons } => return Err(ExchangeError::Failed { reasons }),
                Next::Refused(error) => return Err(ExchangeError::Answer(error)),
                Next::TimedOut { error } => return Err(ExchangeError::TimedOut { error }),
            }
        }
    }

    fn with_token(&self, mut request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, Error> {
        authorize(&mut request, self.token)?;
        Ok(request)
    }

    /// How long to wait before a request is sent again, or the error if that would take longer than the patience.
    fn pause(&self, error: AnswerError, waited: &mut Duration) -> Result<Duration, AnswerError> {
        // A server that wants it at once must not be asked without end.
        let least = self.poll.delay(*waited);
        let pause = error.retry_after().unwrap_or(RATE_LIMIT_WINDOW).max(least);
        *waited = waited.saturating_add(pause);
        match self.poll.has_patience(*waited) {
            true => Ok(pause),
            false => Err(error),
        }
    }
}
