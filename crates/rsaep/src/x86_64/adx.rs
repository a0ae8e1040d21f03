//! Products of blocks of eight limbs with MULX and two carry chains, ADCX and ADOX, which no compiler makes
//! of Rust: hence assembly. All else is as in `radix64`.
//!
//! The sums of eight columns lie in registers. A row adds the product of a block and one digit to
//! them, gives the lowest away, and moves the others down by one. One chain adds the low halves of the products,
//! the other the high halves. docs/adx.md says why the carries fit.

use core::arch::naked_asm;

use super::cpu::Adx;
use crate::limbs;
use crate::radix64::{Block, Kernel, Modulus};

/// [`Modulus::power`] with the inner loops of this module.
#[inline(always)]
pub(super) fn power(cpu: Adx, modulus: &Modulus, e: &[u8], size: usize, blocks: &mut [u8]) {
    modulus.power(cpu, e, size, blocks);
}

impl Kernel for Adx {
    /// The products of different limbs once, first those within a block, then doubled; and the squares of limbs.
    #[inline(always)]
    fn square(self, wide: &mut [Block], x: &[Block]) {
        let blocks = x.len();
        assert!(blocks > 0 && wide.len() == 2 * blocks);
        // SAFETY: the token proves BMI2 and ADX. `x` has `blocks` blocks and `wide` twice as many.
        unsafe { triangles(wide.as_mut_ptr(), x.as_ptr(), blocks) };
        let mut carry = 0;
        for at in 1..blocks {
            let acc = &mut wide[2 * at - 1..at + blocks];
            carry = mul_add_carry(self, acc, &x[at..], &x[at - 1], carry);
        }
        for limb in &mut wide[2 * blocks - 1] {
            (*limb, carry) = limbs::add_with_carry(*limb, 0, carry);
        }
        // SAFETY: as above.
        unsafe { double_and_add_squares(wide.as_mut_ptr(), x.as_ptr(), blocks) };
    }

    #[inline(always)]
    fn mul_add(self, acc: &mut [Block], a: &[Block], digits: &Block) -> u64 {
        mul_add_carry(self, acc, a, digits, 0)
    }

    #[inline(always)]
    fn divide(self, acc: &mut [Block], n: &[Block], n0: u128) -> u64 {
        assert!(!n.is_empty() && acc.len() == n.len() + 1);
        let (n0, _) = limbs::split(n0);
        // SAFETY: the token proves BMI2 and ADX. The lengths are as asserted.
        unsafe { divide(acc.as_mut_ptr(), n.as_ptr(), n0, n.len()) }
    }

    #[inline(always)]
    fn mul_add_limb(self, sum: &mut [Block], acc: &[Block], a: &[Block], digit: u64) {
        let blocks = sum.len();
        assert!(blocks > 0 && acc.len() == blocks && a.len() == blocks);
        // SAFETY: the token proves BMI2 and ADX. The lengths are as asserted.
        unsafe { mul_add_limb(sum.as_mut_ptr(), acc.as_ptr(), a.as_ptr(), digit, blocks) };
    }
}

/// [`Kernel::mul_add`] with a carry of 0 or 1 into the last block.
#[inline(always)]
fn mul_add_carry(_: Adx, acc: &mut [Block], a: &[Block], digits: &Block, carry: u64) -> u64 {
    assert!(!a.is_empty() && acc.len() == a.len() + 1);
    // SAFETY: the token proves BMI2 and ADX. The lengths are as asserted.
    unsafe { mul_add(acc.as_mut_ptr(), a.as_ptr(), digits, a.len(), carry) }
}

/// One row: `rdx` times the block at `rsi`, added to the sums in `$sum` and in r9 to r15. The lowest limb
/// goes to `rax`, the others to `$next` and to r9 to r15.
#[rustfmt::skip]
macro_rules! row {
    ($sum:literal, $next:literal, $store:expr) => { concat!(
        // Neither chain has a carry.
        "xor ecx, ecx\n",
        "mulx ", $next, ", rax, [rsi]\n",
        "adcx rax, ", $sum, "\n",
        $store,
        "adox ", $next, ", r9\n",
        product!($next, "r9", "r10", $sum, 1),
        product!("r9", "r10", "r11", $sum, 2),
        product!("r10", "r11", "r12", $sum, 3),
        product!("r11", "r12", "r13", $sum, 4),
        product!("r12", "r13", "r14", $sum, 5),
        product!("r13", "r14", "r15", $sum, 6),
        product!("r14", "r15", "rcx", $sum, 7),
        "adcx r15, rcx\n",
    ) };
}

/// `rdx` times limb `$at` of the block at `rsi`: its low half is added to `$low`, and `$above` to its high half, which
/// `$high` receives.
#[rustfmt::skip]
macro_rules! product {
    ($low:literal, $high:literal, $above:literal, $half:literal, $at:literal) => { concat!(
        "mulx ", $high, ", ", $half, ", [rsi + 8 * ", $at, "]\n",
        "adox ", $high, ", ", $above, "\n",
        "adcx ", $low, ", ", $half, "\n",
    ) };
}

/// The row of a digit of the block at `rbp`; its lowest limb is a limb of the sum at `rdi`.
#[rustfmt::skip]
macro_rules! digit_row {
    ($at:literal, $sum:literal, $next:literal) => { concat!(
        "mov rdx, [rbp + 8 * ", $at, "]\n",
        row!($sum, $next, concat!("mov [rdi + 8 * ", $at, "], rax\n")),
    ) };
}

/// The row of the digit of a quotient that makes the lowest limb 0. The block at `rbp` receives the digit.
#[rustfmt::skip]
macro_rules! quotient_row {
    ($at:literal, $sum:literal, $next:literal) => { concat!(
        "mov rdx, ", $sum, "\n",
        "imul rdx, [rsp + 16]\n",
        "mov [rbp + 8 * ", $at, "], rdx\n",
        row!($sum, $next, ""),
    ) };
}

/// Eight rows.
#[rustfmt::skip]
macro_rules! rows {
    ($row:ident) => { concat!(
        $row!(0, "r8", "rbx"), $row!(1, "rbx", "r8"), $row!(2, "r8", "rbx"), $row!(3, "rbx", "r8"),
        $row!(4, "r8", "rbx"), $row!(5, "rbx", "r8"), $row!(6, "r8", "rbx"), $row!(7, "rbx", "r8"),
    ) };
}

/// An instruction for each of the sums and the limbs at `rdi`, from the lowest up.
#[rustfmt::skip]
macro_rules! each_sum {
    ($name:literal) => { concat!(
        $name, " r8, [rdi]\n", $name, " r9, [rdi + 8]\n",
        $name, " r10, [rdi + 16]\n", $name, " r11, [rdi + 24]\n",
        $name, " r12, [rdi + 32]\n", $name, " r13, [rdi + 40]\n",
        $name, " r14, [rdi + 48]\n", $name, " r15, [rdi + 56]\n",
    ) };
}

/// Saves the registers that belong to the caller.
macro_rules! enter {
    () => {
        "push rbp\npush rbx\npush r12\npush r13\npush r14\npush r15\n"
    };
}

/// Restores them, leaves no secret in the others, and returns.
#[rustfmt::skip]
macro_rules! leave {
    () => { concat!(
        "pop r15\npop r14\npop r13\npop r12\npop rbx\npop rbp\n",
        "xor edx, edx\nxor r8d, r8d\nxor r9d, r9d\nxor r10d, r10d\nxor r11d, r11d\n",
        "ret",
    ) };
}

/// All of `mul_add` and of `divide`, with the rows of their first block. On the stack are, from
/// the top down: a carry between blocks, the end of `a`, n0, and the carry into the last block.
#[rustfmt::skip]
macro_rules! multiply {
    ($digits:literal, $row:ident) => { concat!(
        enter!(),
        "shl rcx, 6\nadd rcx, rsi\n",
        "push r8\npush rdx\npush rcx\npush 0\n",
        "mov rbp, ", $digits, "\n",
        each_sum!("mov"),
        rows!($row),
        "jmp 3f\n",
        // The sums are the upper half of the block before, and the limbs at rdi, whose carry belongs to the next block.
        "2:\n",
        "add byte ptr [rsp], -1\n",
        each_sum!("adc"),
        "setc byte ptr [rsp]\n",
        rows!(digit_row),
        "3:\n",
        "add rsi, 64\nadd rdi, 64\n",
        "cmp rsi, [rsp + 8]\n",
        "jne 2b\n",
        // The last block. Of both carries out of it one is 0.
        "add r8, [rsp + 24]\nadc r9, 0\nadc r10, 0\nadc r11, 0\n",
        "adc r12, 0\nadc r13, 0\nadc r14, 0\nadc r15, 0\n",
        "setc cl\n",
        "add byte ptr [rsp], -1\n",
        each_sum!("adc"),
        "setc al\n",
        "mov [rdi], r8\nmov [rdi + 8], r9\nmov [rdi + 16], r10\nmov [rdi + 24], r11\n",
        "mov [rdi + 32], r12\nmov [rdi + 40], r13\nmov [rdi + 48], r14\nmov [rdi + 56], r15\n",
        "or al, cl\nmovzx eax, al\n",
        "add rsp, 32\n",
        leave!(),
    ) };
}

/// `acc += a * digits + carry * W^(8 blocks)`; returns the carry, 0 or 1 as that which comes in.
///
/// # Safety
///
/// The CPU has BMI2 and ADX. `a` points to `blocks` blocks, at least one, and `acc` to one more.
#[unsafe(naked)]
unsafe extern "sysv64" fn mul_add(
    acc: *mut Block,
    a: *const Block,
    digits: *const Block,
    blocks: usize,
    carry: u64,
) -> u64 {
    naked_asm!(multiply!("rdx", digit_row))
}

/// [`Kernel::divide`]. The quotient takes the place of the lowest block.
///
/// # Safety
///
/// The CPU has BMI2 and ADX. `n` points to `blocks` blocks, at least one, and `acc` to one more.
#[unsafe(naked)]
unsafe extern "sysv64" fn divide(acc: *mut Block, n: *const Block, n0: u64, blocks: usize) -> u64 {
    naked_asm!("xor r8d, r8d", multiply!("rdi", quotient_row))
}

/// The row of limb `$digit` of the block at `rsi` times those above it, added to the sums from the register of the first to
/// that of the last; then the two lowest sums go to the block's square at `rdi`.
#[rustfmt::skip]
macro_rules! triangle_row {
    ($digit:literal: $($low:literal $high:literal $at:literal,)* then $last:literal $top:literal, $first:literal $second:literal) => { concat!(
        "mov rdx, [rsi + 8 * ", $digit, "]\n",
        "xor ecx, ecx\n",
        $(
            "mulx rbx, rax, [rsi + 8 * ", $at, "]\n",
            "adcx ", $low, ", rax\n",
            "adox ", $high, ", rbx\n",
        )*
        "mulx ", $top, ", rax, [rsi + 56]\n",
        "adcx ", $last, ", rax\n",
        "adox ", $top, ", rcx\n",
        "adcx ", $top, ", rcx\n",
        "mov [rdi + 16 * ", $digit, " + 8], ", $first, "\n",
        "mov [rdi + 16 * ", $digit, " + 16], ", $second, "\n",
    ) };
}

/// For each block of `x`: two blocks of `wide` become the sum of the products of its different limbs, each once.
///
/// # Safety
///
/// The CPU has BMI2 and ADX. `x` points to `blocks` blocks, at least one, and `wide` to twice as many.
#[unsafe(naked)]
#[rustfmt::skip]
unsafe extern "sysv64" fn triangles(wide: *mut Block, x: *const Block, blocks: usize) {
    naked_asm!(
        enter!(),
        "mov rbp, rdx",
        "2:",
        "mov rdx, [rsi]",
        "xor ecx, ecx",
        "mov [rdi], rcx",
        "mov [rdi + 120], rcx",
        "mulx r9, r8, [rsi + 8]",
        "mulx r10, rax, [rsi + 16]", "adcx r9, rax",
        "mulx r11, rax, [rsi + 24]", "adcx r10, rax",
        "mulx r12, rax, [rsi + 32]", "adcx r11, rax",
        "mulx r13, rax, [rsi + 40]", "adcx r12, rax",
        "mulx r14, rax, [rsi + 48]", "adcx r13, rax",
        "mulx r15, rax, [rsi + 56]", "adcx r14, rax",
        "adcx r15, rcx",
        "mov [rdi + 8], r8",
        "mov [rdi + 16], r9",
        triangle_row!(1: "r10" "r11" 2, "r11" "r12" 3, "r12" "r13" 4, "r13" "r14" 5, "r14" "r15" 6,
            then "r15" "r8", "r10" "r11"),
        triangle_row!(2: "r12" "r13" 3, "r13" "r14" 4, "r14" "r15" 5, "r15" "r8" 6,
            then "r8" "r9", "r12" "r13"),
        triangle_row!(3: "r14" "r15" 4, "r15" "r8" 5, "r8" "r9" 6, then "r9" "r10", "r14" "r15"),
        triangle_row!(4: "r8" "r9" 5, "r9" "r10" 6, then "r10" "r11", "r8" "r9"),
        triangle_row!(5: "r10" "r11" 6, then "r11" "r12", "r10" "r11"),
        triangle_row!(6: then "r12" "r13", "r12" "r13"),
        "add rsi, 64",
        "add rdi, 128",
        "dec rbp",
        "jnz 2b",
        leave!(),
    )
}

/// Two limbs of `wide` doubled, with the carry of one chain, and the square of a limb of `x` added, with that of the
/// other.
#[rustfmt::skip]
macro_rules! double {
    ($at:literal) => { concat!(
        "mov rdx, [rsi + 8 * ", $at, "]\n",
        "mov r8, [rdi + 16 * ", $at, "]\n",
        "mov r9, [rdi + 16 * ", $at, " + 8]\n",
        "mulx r10, rax, rdx\n",
        "adcx r8, r8\n",
        "adox r8, rax\n",
        "adcx r9, r9\n",
        "adox r9, r10\n",
        "mov [rdi + 16 * ", $at, "], r8\n",
        "mov [rdi + 16 * ", $at, " + 8], r9\n",
    ) };
}

/// `wide` becomes twice itself and the squares of the limbs of `x`.
///
/// # Safety
///
/// The CPU has BMI2 and ADX. `x` points to `blocks` blocks, at least one, and `wide` to twice as many.
#[unsafe(naked)]
unsafe extern "sysv64" fn double_and_add_squares(wide: *mut Block, x: *const Block, blocks: usize) {
    naked_asm!(
        "mov rcx, rdx",
        "xor eax, eax",
        // What counts and branches leaves both carries alone.
        "2:",
        double!(0),
        double!(1),
        double!(2),
        double!(3),
        double!(4),
        double!(5),
        double!(6),
        double!(7),
        "lea rsi, [rsi + 64]",
        "lea rdi, [rdi + 128]",
        "lea rcx, [rcx - 1]",
        "jrcxz 3f",
        "jmp 2b",
        "3:",
        "xor eax, eax",
        "xor edx, edx",
        "xor r8d, r8d",
        "xor r9d, r9d",
        "xor r10d, r10d",
        "ret",
    )
}

/// A limb of the sum: `$high` of the limb below, the low half of a product, and a limb of `acc`. `$next` receives the
/// high half.
#[rustfmt::skip]
macro_rules! limb {
    ($at:literal, $high:literal, $next:literal) => { concat!(
        "mulx ", $next, ", rax, [rsi + 8 * ", $at, "]\n",
        "adcx rax, ", $high, "\n",
        "adox rax, [r9 + 8 * ", $at, "]\n",
        "mov [rdi + 8 * ", $at, "], rax\n",
    ) };
}

/// [`Kernel::mul_add_limb`].
///
/// # Safety
///
/// The CPU has BMI2 and ADX. Each pointer is to `blocks` blocks, at least one.
#[unsafe(naked)]
unsafe extern "sysv64" fn mul_add_limb(
    sum: *mut Block,
    acc: *const Block,
    a: *const Block,
    digit: u64,
    blocks: usize,
) {
    naked_asm!(
        "mov r9, rsi",
        "mov rsi, rdx",
        "mov rdx, rcx",
        "mov rcx, r8",
        "xor r8d, r8d",
        // What counts and branches leaves both carries alone.
        "2:",
        limb!(0, "r8", "r10"),
        limb!(1, "r10", "r8"),
        limb!(2, "r8", "r10"),
        limb!(3, "r10", "r8"),
        limb!(4, "r8", "r10"),
        limb!(5, "r10", "r8"),
        limb!(6, "r8", "r10"),
        limb!(7, "r10", "r8"),
        "lea rsi, [rsi + 64]",
        "lea rdi, [rdi + 64]",
        "lea r9, [r9 + 64]",
        "lea rcx, [rcx - 1]",
        "jrcxz 3f",
        "jmp 2b",
        "3:",
        "xor eax, eax",
        "xor edx, edx",
        "xor r8d, r8d",
        "xor r10d, r10d",
        "ret",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portable::AnyCpu;
    use crate::residue;
    use alloc::vec::Vec;

    /// Limbs that carry nearly always, nearly never, and now and then.
    fn numbers(blocks: usize) -> [Vec<Block>; 4] {
        let mut limb = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = || {
            limb ^= limb << 13;
            limb ^= limb >> 7;
            limb ^= limb << 17;
            limb
        };
        let mut number = |limb: &mut dyn FnMut(u64) -> u64| {
            (0..blocks)
                .map(|_| [(); 8].map(|()| limb(random())))
                .collect()
        };
        [
            number(&mut |_| u64::MAX),
            number(&mut |random| 0_u64.wrapping_sub(random % 3)),
            number(&mut |random| random % 2),
            number(&mut |random| random),
        ]
    }

    #[test]
    fn the_inner_loops_give_what_those_in_rust_give() {
        // Not every CPU has it, nor a build that is not optimised; tests/oracle.rs has which one must.
        let Some(cpu) = Adx::detect() else { return };
        for blocks in [1, 2, 3, 4, 9] {
            for a in &numbers(blocks) {
                let mut wide = [
                    alloc::vec![[7; 8]; 2 * blocks],
                    alloc::vec![[9; 8]; 2 * blocks],
                ];
                cpu.square(&mut wide[0], a);
                AnyCpu.square(&mut wide[1], a);
                assert_eq!(wide[0], wide[1]);

                for acc in &numbers(blocks + 1) {
                    for digits in &numbers(1).concat() {
                        let mut sums = [acc.clone(), acc.clone()];
                        let carry = cpu.mul_add(&mut sums[0], a, digits);
                        assert_eq!(carry, AnyCpu.mul_add(&mut sums[1], a, digits));
                        assert_eq!(sums[0], sums[1]);

                        let [sum, expected] = &mut sums;
                        cpu.mul_add_limb(&mut sum[1..], &acc[1..], a, digits[0]);
                        AnyCpu.mul_add_limb(&mut expected[1..], &acc[1..], a, digits[0]);
                        assert_eq!(sum, expected);
                    }
                    let mut n = a.clone();
                    n[0][0] |= 1;
                    let n0 = residue::inverse_of_two(limbs::join([n[0][0], n[0][1]]));
                    let n0 = n0.wrapping_neg();
                    let mut sums = [acc.clone(), acc.clone()];
                    let carry = cpu.divide(&mut sums[0], &n, n0);
                    assert_eq!(carry, AnyCpu.divide(&mut sums[1], &n, n0));
                    assert_eq!(sums[0][1..], sums[1][1..]);
                }
            }
        }
    }
}
