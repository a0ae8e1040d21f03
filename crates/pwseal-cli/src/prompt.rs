//! Asks for a password on a terminal, without showing it.

use zeroize::Zeroizing;

use crate::failure::Failure;

/// Asks for the same password twice, as a typing error would be found out too late.
pub(crate) fn ask_twice() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let first = terminal::ask("Password: ").map_err(Failure::PasswordInput)?;
    let second = terminal::ask("The same again: ").map_err(Failure::PasswordInput)?;
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

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };
    use zeroize::Zeroizing;

    /// The longest line that a terminal hands over, in bytes (`MAX_CANON` on Linux).
    const LINE: usize = 4096;
    const CTRL_C: u8 = 3;

    /// Shows the prompt and reads one line from the terminal, without its line break.
    pub(super) fn ask(prompt: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut terminal = Silent::open()?;
        terminal.tty.write_all(prompt.as_bytes())?;
        let mut line = Zeroizing::new(vec![0; LINE]);
        let len = terminal.tty.read(&mut line)?;
        line.truncate(len);
        terminal.tty.write_all(b"\n")?;
        if line.ends_with(&[CTRL_C]) {
            return Err(io::Error::other("interrupted"));
        }
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
            // Ctrl-C ends the line instead of the process, which would leave the echo off.
            silent.local_modes -= LocalModes::ECHO | LocalModes::ISIG;
            silent.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
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
    use std::io;

    use zeroize::Zeroizing;

    pub(super) fn ask(prompt: &str) -> io::Result<Zeroizing<Vec<u8>>> {
        rpassword::prompt_password(prompt).map(|line| Zeroizing::new(line.into_bytes()))
    }
}
