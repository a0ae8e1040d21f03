//! Encrypts one number: `one_block < N-AND-M 2> C`, where N, M and C are big-endian numbers of 256 bytes. `tests/platforms aarch64`
//! compares which instructions it runs for one M and for another.

use std::io::{self, Read, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut input = [0; 512];
    io::stdin().read_exact(&mut input)?;
    let (modulus, block) = input.split_at_mut(256);
    let key = rsaep::PublicKey::new(modulus, &[1, 0, 1])?;
    // What a branch on the message would look like, to see that the comparison finds one.
    if std::env::args().count() > 1 && block[255] & 1 == 1 {
        io::stderr().write_all(b"odd\n")?;
    }
    key.rsaep(block)?;
    // Standard output would be searched for line breaks.
    io::stderr().write_all(block)?;
    Ok(())
}
