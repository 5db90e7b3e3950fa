package io.catga.cluster;

import java.util.List;
import java.util.SplittableRandom;

/** Chooses, always the same with the same seed. */
final class Dice {

    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** From 0 up to a bound that is not reached. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T one(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    byte[] noise(int length) {
        byte[] noise = new byte[length];
        for (int i = 0; i < length; i++) {
            noise[i] = octet();
        }
        return noise;
    }

    /** Puts others in the place of some of these bytes. */
    void spoil(byte[] bytes, int most) {
        int count = 1 + below(most);
        for (int i = 0; i < count; i++) {
            bytes[below(bytes.length)] = octet();
        }
    }

    private byte octet() {
        return (byte) below(256);
    }
}
