//! The backends for x86-64. The only place of unsafe code in this crate.
#![allow(unsafe_code)]

mod cpu;
mod ifma;
mod ifma_x8;
mod radix52;
mod simd;

/// One block at a time with AVX-512 IFMA.
#[derive(Clone)]
pub(crate) struct Ifma {
    cpu: cpu::Avx512,
    modulus: radix52::Modulus,
}

impl Ifma {
    pub(crate) fn new(modulus: &[u8], bits: usize) -> Option<Self> {
        let cpu = cpu::Avx512::detect()?;
        Some(Self { cpu, modulus: radix52::Modulus::new(modulus, bits) })
    }

    pub(crate) fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        let limbs = self.modulus.len + 40;
        let mut scratch = alloc::vec![0; 6 * limbs + 2 * radix52::PAD + 40];
        let mut scratch8 = alloc::vec![[0; 8]; ifma_x8::scratch_len(self.modulus.len)];
        let mut eights = blocks.chunks_exact_mut(8 * size);
        for eight in &mut eights {
            self.cpu.power_x8(&self.modulus, e, eight, &mut scratch8);
        }
        let blocks = eights.into_remainder();
        for block in blocks.chunks_exact_mut(size) {
            self.cpu.power(&self.modulus, e, block, &mut scratch);
        }
        self.cpu.wipe(&mut scratch);
    }
}
