//! Asks for a password on a terminal, without showing it.

use zeroize::Zeroizing;

use crate::failure::Failure;

/// Asks for the same password twice, as a typing error would be found out too late. One that is refused is not asked
/// for again.
pub(crate) fn ask_twice(
    judge: impl FnOnce(&[u8]) -> Result<(), pwseal::Error>,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut prompt = terminal::Prompt::new().map_err(Failure::PasswordInput)?;
    let first = prompt.ask("Password: ").map_err(Failure::PasswordInput)?;
    judge(&first).map_err(|error| Failure::Encrypt(error.into()))?;
    let second = prompt
        .ask("The same again: ")
        .map_err(Failure::PasswordInput)?;
    if !equal(&first, &second) {
        return Err(Failure::PasswordsDiffer);
    }
    Ok(first)
}

/// Compares in a time that depends on the lengths alone.
fn equal(a: &[u8], b: &[u8]) -> bool {
    let differences = a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && std::hint::black_box(differences) == 0
}

#[cfg(unix)]
mod terminal {
    use std::fs::File;
    use std::io::{self, Read, Write};
    use std::os::unix::net::UnixStream;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    use zeroize::Zeroizing;

    use crate::signals::{Signals, obey};

    /// The longest line that a terminal hands over, in bytes (`MAX_CANON` on Linux).
    const LINE: usize = 4096;

    /// What asks while signals are put off.
    pub(super) struct Prompt {
        signals: Signals,
        woken: UnixStream,
    }

    impl Prompt {
        pub(super) fn new() -> io::Result<Self> {
            let (woken, wake) = UnixStream::pair()?;
            let mut signals = Signals::put_off(&[SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP])?;
            signals.wake(&wake)?;
            Ok(Self { signals, woken })
        }

        /// Shows the prompt and reads one line from the terminal, without its line break. A signal acts when the terminal
        /// is as it was; after one that stopped the program the prompt is shown again.
        pub(super) fn ask(&mut self, prompt: &str) -> io::Result<Zeroizing<Vec<u8>>> {
            loop {
                let line = ask_once(prompt, &self.woken)?;
                if let Some(signal) = self.signals.take() {
                    obey(signal);
                } else if let Some(line) = line {
                    return Ok(line);
                }
                self.woken.read_exact(&mut [0])?;
            }
        }
    }

    /// `None` if a signal came before the line.
    fn ask_once(prompt: &str, woken: &UnixStream) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let mut terminal = Silent::open()?;
        terminal.tty.write_all(prompt.as_bytes())?;
        let mut ready = [
            PollFd::new(&terminal.tty, PollFlags::IN),
            PollFd::new(woken, PollFlags::IN),
        ];
        while let Err(error) = poll(&mut ready, None) {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        let line = match ready[1].revents().is_empty() {
            true => Some(read_line(&terminal.tty)?),
            false => None,
        };
        terminal.tty.write_all(b"\n")?;
        Ok(line)
    }

    fn read_line(mut tty: &File) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut line = Zeroizing::new(vec![0; LINE]);
        let len = tty.read(&mut line)?;
        line.truncate(len);
        if line.ends_with(b"\n") {
            line.truncate(len - 1);
        }
        Ok(line)
    }

    /// A terminal whose echo is off until this is dropped.
    struct Silent {
        tty: File,
        before: Termios,
    }

    impl Silent {
        fn open() -> io::Result<Self> {
            let tty = File::options().read(true).write(true).open("/dev/tty")?;
            let before = tcgetattr(&tty)?;
            let mut silent = before.clone();
            silent.local_modes -= LocalModes::ECHO;
            tcsetattr(&tty, OptionalActions::Flush, &silent)?;
            Ok(Self { tty, before })
        }
    }

    impl Drop for Silent {
        fn drop(&mut self) {
            // Nothing is left to do when this fails: the terminal is gone.
            let _ = tcsetattr(&self.tty, OptionalActions::Flush, &self.before);
        }
    }
}

#[cfg(not(unix))]
mod terminal {
    use std::fs::File;
    use std::io::{self, Write};

    use rpassword::ConfigBuilder;
    use zeroize::Zeroizing;

    pub(super) struct Prompt;

    impl Prompt {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self)
        }

        /// Ctrl-C ends the program: the crate switches the echo on before.
        pub(super) fn ask(&mut self, prompt: &str) -> io::Result<Zeroizing<Vec<u8>>> {
            let mut console = File::options().write(true).open("CONOUT$")?;
            // Not by the crate, which would write a NUL after it.
            console.write_all(prompt.as_bytes())?;
            let silent = ConfigBuilder::new().output_discard().build();
            let line = rpassword::read_password_with_config(silent);
            let line = line.map(|line| Zeroizing::new(line.into_bytes()));
            console.write_all(b"\r\n")?;
            line
        }
    }
}
