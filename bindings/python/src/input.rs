//! Text and bytes from Python, copied once, into a buffer that is wiped.

use std::fmt::Arguments;

use pwseal::Password;
use pwseal::policy::GenerateOptions;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyBufferError, PyOverflowError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyByteArray, PyBytes, PyFrozenSet, PyIterator, PyMapping, PyMemoryView, PySet, PyString,
};
use zeroize::Zeroizing;

use crate::batch::Errors;
use crate::error::{self, in_batch};

/// A `str`, or whatever has a buffer of bytes in one dimension: `bytes`, `bytearray`, `memoryview`, arrays of ctypes and numpy.
pub(crate) enum TextOrBuffer<'py> {
    Text(Bound<'py, PyString>),
    Buffer(PyBuffer<u8>),
}

/// Why no bytes come out of Python's text or buffer.
pub(crate) enum Unreadable {
    /// Text with half a surrogate pair.
    HalfSurrogate { position: usize },
    /// Something that Python says, such as that memory is short.
    Other(PyErr),
}

impl<'py> FromPyObject<'_, 'py> for TextOrBuffer<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Self::get(&object, "str or a buffer of bytes")
    }
}

impl<'py> TextOrBuffer<'py> {
    fn get(object: &Bound<'py, PyAny>, wanted: &str) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self::Text(text.clone()));
        }
        // pydantic's SecretStr and SecretBytes.
        let secret = secret_of(object)?;
        let object = secret.as_ref().unwrap_or(object);
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self::Text(text.clone()));
        }
        Ok(Self::Buffer(bytes_of(object, wanted)?))
    }

    /// A copy of the bytes, and of text its UTF-8.
    pub(crate) fn bytes(&self, py: Python<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        match self {
            Self::Text(text) => {
                let text = utf8(text)?;
                let mut copy = Zeroizing::new(Vec::with_capacity(text.len()));
                copy.extend_from_slice(text.as_bytes());
                Ok(copy)
            }
            Self::Buffer(buffer) => {
                let mut copy = Zeroizing::new(vec![0; buffer.item_count()]);
                buffer.copy_to_slice(py, &mut copy)?;
                Ok(copy)
            }
        }
    }
}

/// The memory of an object, where it is one row of bytes.
fn bytes_of(object: &Bound<'_, PyAny>, wanted: &str) -> PyResult<PyBuffer<u8>> {
    match PyBuffer::get(object) {
        Ok(buffer) if buffer.dimensions() == 1 && buffer.is_c_contiguous() => Ok(buffer),
        Err(error) if !error.is_instance_of::<PyBufferError>(object.py()) => {
            Err(explained(error, object, wanted))
        }
        _ => other_bytes_of(object, wanted),
    }
}

/// The same for what names its bytes in another way, as ctypes does with a byte order, and signed ones; the error says
/// what else the memory is.
fn other_bytes_of(object: &Bound<'_, PyAny>, wanted: &str) -> PyResult<PyBuffer<u8>> {
    let py = object.py();
    let view = PyMemoryView::from(object)?;
    let dimensions: usize = view.getattr(intern!(py, "ndim"))?.extract()?;
    let format: String = view.getattr(intern!(py, "format"))?.extract()?;
    let why = match (
        dimensions,
        format.trim_start_matches(['@', '=', '<', '>', '!']),
    ) {
        (1, "B" | "b" | "c") => {
            // Python copies a strided one by way of memory that it does not wipe.
            if !view.getattr(intern!(py, "c_contiguous"))?.is_truthy()? {
                return Err(PyTypeError::new_err(
                    "a contiguous buffer is wanted, not a strided one",
                ));
            }
            let bytes = py
                .import("pickle")?
                .call_method1("PickleBuffer", (object,))?;
            return PyBuffer::get(&bytes.call_method0("raw")?);
        }
        (1, _) => ", whose items are no bytes".to_owned(),
        (dimensions, _) => format!(" of {dimensions} dimensions"),
    };
    let name = object.get_type().name()?;
    let message = format!("{wanted} is wanted, not {name}{why}");
    Err(PyTypeError::new_err(message))
}

/// What an object holds that shows its content to none but who asks for it.
fn secret_of<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if object.is_instance_of::<PyBytes>() || object.is_instance_of::<PyByteArray>() {
        return Ok(None);
    }
    let get = object.getattr_opt(intern!(object.py(), "get_secret_value"))?;
    get.map(|get| get.call0()).transpose()
}

/// What is no secret and is read at once: a key or a message.
pub(crate) struct TextOrBytes(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for TextOrBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<'py> FromPyObject<'_, 'py> for TextOrBytes {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Self::get(&object, "str or a buffer of bytes")
    }
}

impl TextOrBytes {
    pub(crate) fn get(object: &Bound<'_, PyAny>, wanted: &str) -> PyResult<Self> {
        let given = TextOrBuffer::get(object, wanted)?;
        Ok(Self(given.bytes(object.py())?))
    }
}

/// Bytes alone, where text cannot be meant.
pub(crate) struct Bytes(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<'py> FromPyObject<'_, 'py> for Bytes {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let wanted = "a buffer of bytes";
        match TextOrBuffer::get(&object, wanted)? {
            TextOrBuffer::Text(_) => Err(wrong_type(&object, wanted)),
            buffer => Ok(Self(buffer.bytes(object.py())?)),
        }
    }
}

/// A `str` beside a password. Its content is read when the password is wiped already.
pub(crate) struct Text<'py>(Bound<'py, PyString>);

impl<'py> FromPyObject<'_, 'py> for Text<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Self::get(&object, "str")
    }
}

impl<'py> Text<'py> {
    pub(crate) fn get(object: &Bound<'py, PyAny>, wanted: &str) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self(text.clone()));
        }
        match secret_of(object)? {
            Some(secret) if secret.is_instance_of::<PyString>() => Ok(Self(secret.cast_into()?)),
            _ => Err(wrong_type(object, wanted)),
        }
    }

    /// The text. An error says what it is.
    pub(crate) fn read(&self, what: &str) -> PyResult<&str> {
        utf8(&self.0).map_err(|unreadable| unreadable.of(format_args!("{what}: ")))
    }
}

/// As [`Text::read`], where there may be none.
pub(crate) fn read<'a>(text: &'a Option<Text<'_>>, what: &str) -> PyResult<Option<&'a str>> {
    text.as_ref().map(|text| text.read(what)).transpose()
}

/// The same, as a copy.
pub(crate) fn owned(text: &Option<Text<'_>>, what: &str) -> PyResult<Option<String>> {
    Ok(read(text, what)?.map(str::to_owned))
}

/// A number, which may be one that `T` cannot hold.
pub(crate) struct Number<T>(Option<T>);

impl<'a, 'py, T: FromPyObject<'a, 'py, Error = PyErr>> FromPyObject<'a, 'py> for Number<T> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.extract() {
            Ok(number) => Ok(Self(Some(number))),
            Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }
}

impl<T> Number<T> {
    /// The number, or an error that says which numbers there are.
    pub(crate) fn or(self, message: &str) -> PyResult<T> {
        self.0.ok_or_else(|| error::plain(message))
    }
}

/// Reads a password, and wipes the buffer that it came in if that is wanted: whatever happens
/// afterwards, the caller's copy is gone.
pub(crate) fn password(py: Python<'_>, given: &TextOrBuffer<'_>, wipe: bool) -> PyResult<Password> {
    if wipe {
        check_wipeable(given)?;
    }
    let bytes = given.bytes(py);
    if wipe {
        overwrite(py, given)?;
    }
    let mut bytes = bytes.map_err(|unreadable| unreadable.of_password(py))?;
    Password::try_from(std::mem::take(&mut *bytes)).map_err(|error| error::from_core(py, error))
}

/// Reads the passwords of a batch, each before the next one is asked for, and wipes their buffers if that is
/// wanted. If errors are raised, the first ends it, unless the others are to be wiped as well; one of a wrong
/// type is then found out before any is wiped.
pub(crate) fn passwords(
    py: Python<'_>,
    passwords: &Bound<'_, PyAny>,
    key: &pwseal::PublicKey,
    wipe: bool,
    errors: Errors,
) -> PyResult<Vec<PyResult<Password>>> {
    // What comes out has the order of what goes in.
    if passwords.is_instance_of::<PySet>() || passwords.is_instance_of::<PyFrozenSet>() {
        return Err(wrong_type(
            passwords,
            "an iterable of passwords in an order",
        ));
    }
    let mut results = Vec::new();
    let mut to_wipe = Vec::new();
    let mut refused = None;
    for (index, object) in iterate(passwords, "an iterable of passwords")?.enumerate() {
        let given = match given(&object?, wipe) {
            Ok(given) => given,
            Err(error) => {
                let error = wrong_in_batch(py, error, "password", index)?;
                match errors {
                    Errors::Raise => return Err(error),
                    Errors::Return => results.push(Err(error)),
                }
                continue;
            }
        };
        if refused.is_none() {
            let password = copied(py, &given, key);
            let password = password.map_err(|error| in_batch(py, error, "password", index));
            match (errors, password) {
                (Errors::Raise, Err(error)) => refused = Some(error),
                (_, result) => results.push(result),
            }
        }
        if wipe {
            to_wipe.push(given);
        } else if refused.is_some() {
            break;
        }
    }
    to_wipe.iter().try_for_each(|given| overwrite(py, given))?;
    match refused {
        Some(error) => Err(error),
        None => Ok(results),
    }
}

/// A password as it was given, which can be wiped if that is wanted.
fn given<'py>(object: &Bound<'py, PyAny>, wipe: bool) -> PyResult<TextOrBuffer<'py>> {
    let given = object.extract()?;
    if wipe {
        check_wipeable(&given)?;
    }
    Ok(given)
}

fn copied(py: Python<'_>, given: &TextOrBuffer<'_>, key: &pwseal::PublicKey) -> PyResult<Password> {
    let bytes = given.bytes(py);
    let mut bytes = bytes.map_err(|unreadable| unreadable.of_password(py))?;
    let password = key
        .check_password_len(bytes.len())
        .and_then(|()| Password::try_from(std::mem::take(&mut *bytes)));
    password.map_err(|error| error::from_core(py, error))
}

/// As [`error::in_batch`], for what is a wrong type: whatever else an object raises comes through.
pub(crate) fn wrong_in_batch(
    py: Python<'_>,
    error: PyErr,
    what: &str,
    index: usize,
) -> PyResult<PyErr> {
    match error.is_instance_of::<PyTypeError>(py) {
        true => Ok(in_batch(py, error, what, index)),
        false => Err(error),
    }
}

fn check_wipeable(given: &TextOrBuffer<'_>) -> PyResult<()> {
    match given {
        TextOrBuffer::Buffer(buffer) if !buffer.readonly() => Ok(()),
        _ => Err(PyTypeError::new_err(
            "only a buffer that can be written can be wiped, such as a bytearray",
        )),
    }
}

fn overwrite(py: Python<'_>, given: &TextOrBuffer<'_>) -> PyResult<()> {
    match given {
        TextOrBuffer::Buffer(buffer) => buffer.copy_from_slice(py, &vec![0; buffer.item_count()]),
        TextOrBuffer::Text(_) => Ok(()),
    }
}

/// Python's own exception for text that is not UTF-8 holds the text, and so is not passed on.
fn utf8<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, Unreadable> {
    text.to_str().map_err(|encoding_error| {
        let position = encoding_error
            .value(text.py())
            .getattr(intern!(text.py(), "start"));
        match position.and_then(|position| position.extract()) {
            Ok(position) => Unreadable::HalfSurrogate { position },
            Err(other) => Unreadable::Other(other),
        }
    })
}

impl Unreadable {
    /// The exception for a password.
    fn of_password(self, py: Python<'_>) -> PyErr {
        match self {
            Self::HalfSurrogate { position } => {
                error::half_surrogate(py, half_surrogate(format_args!(""), position), position)
            }
            Self::Other(error) => error,
        }
    }

    /// The exception for what the prefix names.
    fn of(self, prefix: Arguments<'_>) -> PyErr {
        match self {
            Self::HalfSurrogate { position } => error::plain(half_surrogate(prefix, position)),
            Self::Other(error) => error,
        }
    }
}

fn half_surrogate(prefix: Arguments<'_>, position: usize) -> String {
    format!(
        "{prefix}the text has half a surrogate pair at position {position}, which UTF-8 cannot hold"
    )
}

impl From<Unreadable> for PyErr {
    fn from(unreadable: Unreadable) -> Self {
        unreadable.of(format_args!(""))
    }
}

impl From<PyErr> for Unreadable {
    fn from(error: PyErr) -> Self {
        Self::Other(error)
    }
}

/// Goes through anything but text, each of whose characters would be an element, and a mapping, of which its keys would be.
pub(crate) fn iterate<'py>(
    object: &Bound<'py, PyAny>,
    wanted: &str,
) -> PyResult<Bound<'py, PyIterator>> {
    if object.is_instance_of::<PyString>() || object.cast::<PyMapping>().is_ok() {
        return Err(wrong_type(object, wanted));
    }
    let iterator = object.try_iter();
    iterator.map_err(|error| explained(error, object, wanted))
}

/// Reads an iterable of what is called so.
pub(crate) fn texts(given: &Bound<'_, PyAny>, what: &str) -> PyResult<Vec<String>> {
    let read = |(index, text): (usize, PyResult<Bound<'_, PyAny>>)| {
        let text = Text::get(&text?, &format!("a str as {what}"))?;
        let text = text.read(&format!("the {what} at index {index}"))?;
        Ok(text.to_owned())
    };
    let given = iterate(given, &format!("an iterable of {what}s"))?;
    given.enumerate().map(read).collect()
}

/// Says what is wanted where Python says that a type is wrong, and passes on all else.
pub(crate) fn explained(error: PyErr, object: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    match error.is_instance_of::<PyTypeError>(object.py()) {
        true => wrong_type(object, wanted),
        false => error,
    }
}

/// Names the type of an argument and never its value.
pub(crate) fn wrong_type(object: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    match object.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("{wanted} is wanted, not {name}")),
        Err(error) => error,
    }
}

/// How a password is to be generated.
pub(crate) fn generate_options(
    length: Option<Number<usize>>,
    exclude: Option<&Text<'_>>,
    no_look_alikes: bool,
) -> PyResult<GenerateOptions> {
    const RANGE: &str = "a password of 1 to 1024 characters is generated";
    let or = |length: Number<usize>| match length.or(RANGE)? {
        0 => Err(error::plain(RANGE)),
        length => Ok(length),
    };
    let mut options = GenerateOptions::from(length.map(or).transpose()?);
    if let Some(exclude) = exclude {
        options = options.exclude(exclude.read("the characters to leave out")?);
    }
    if no_look_alikes {
        options = options.no_look_alikes();
    }
    Ok(options)
}
