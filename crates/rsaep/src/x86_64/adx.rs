//! Rows of products with MULX and two carry chains, ADCX and ADOX, which no compiler makes
//! of Rust: hence assembly. All else is as in `portable`.

use core::arch::asm;

use super::cpu::Adx;
use crate::limbs;
use crate::portable::{Digit, MulAdd, Portable};

/// How many limbs one piece of assembly takes.
const LIMBS: usize = 8;

/// [`Portable::power`] with the inner loop of this module.
#[inline(always)]
pub(super) fn power(cpu: Adx, modulus: &Portable, e: &[u8], size: usize, blocks: &mut [u8]) {
    modulus.power_with(cpu, e, size, blocks);
}

impl MulAdd for Adx {
    #[inline(always)]
    fn mul_add(self, acc: &mut [u64], a: &[u64], b: Digit, mut top: u64) -> u64 {
        for (row, b) in b.into_iter().enumerate() {
            let (acc, high) = acc[row..].split_at_mut(a.len());
            let carry = mul_add_row(self, acc, a, b);
            (high[0], top) = limbs::add_with_carry(high[0], carry, top);
        }
        top
    }
}

/// `acc += a * b` over the limbs of `a`; returns the carry.
#[inline(always)]
fn mul_add_row(cpu: Adx, acc: &mut [u64], a: &[u64], b: u64) -> u64 {
    let (accs, acc_rest) = acc.as_chunks_mut::<LIMBS>();
    let (chunks, a_rest) = a.as_chunks::<LIMBS>();
    let mut carry = 0;
    for (acc, a) in accs.iter_mut().zip(chunks) {
        carry = mul_add_chunk(cpu, acc, a, b, carry);
    }
    limbs::mul_add_row(acc_rest, a_rest, b, carry)
}

/// `acc += a * b + carry`; returns the carry.
#[inline(always)]
fn mul_add_chunk(_: Adx, acc: &mut [u64; LIMBS], a: &[u64; LIMBS], b: u64, mut carry: u64) -> u64 {
    // SAFETY: the token proves BMI2 and ADX. The assembly reads the eight limbs of `a`, reads and
    // writes the eight of `acc`, and changes no register but those declared and the flags.
    unsafe {
        asm!(
            "xor {zero:e}, {zero:e}",
            "mulx {hi}, {lo}, [{a}]",
            "adcx {lo}, {carry}",
            "adox {lo}, [{acc}]",
            "mov [{acc}], {lo}",
            "mulx {carry}, {lo}, [{a} + 8]",
            "adcx {lo}, {hi}",
            "adox {lo}, [{acc} + 8]",
            "mov [{acc} + 8], {lo}",
            "mulx {hi}, {lo}, [{a} + 16]",
            "adcx {lo}, {carry}",
            "adox {lo}, [{acc} + 16]",
            "mov [{acc} + 16], {lo}",
            "mulx {carry}, {lo}, [{a} + 24]",
            "adcx {lo}, {hi}",
            "adox {lo}, [{acc} + 24]",
            "mov [{acc} + 24], {lo}",
            "mulx {hi}, {lo}, [{a} + 32]",
            "adcx {lo}, {carry}",
            "adox {lo}, [{acc} + 32]",
            "mov [{acc} + 32], {lo}",
            "mulx {carry}, {lo}, [{a} + 40]",
            "adcx {lo}, {hi}",
            "adox {lo}, [{acc} + 40]",
            "mov [{acc} + 40], {lo}",
            "mulx {hi}, {lo}, [{a} + 48]",
            "adcx {lo}, {carry}",
            "adox {lo}, [{acc} + 48]",
            "mov [{acc} + 48], {lo}",
            "mulx {carry}, {lo}, [{a} + 56]",
            "adcx {lo}, {hi}",
            "adox {lo}, [{acc} + 56]",
            "mov [{acc} + 56], {lo}",
            // The sum fits: a b + acc + carry is below 2^(64 * 9).
            "adcx {carry}, {zero}",
            "adox {carry}, {zero}",
            acc = in(reg) acc.as_mut_ptr(),
            a = in(reg) a.as_ptr(),
            in("rdx") b,
            carry = inout(reg) carry,
            hi = out(reg) _,
            lo = out(reg) _,
            zero = out(reg) _,
            options(nostack),
        );
    }
    carry
}
