package io.catga.redis;

import io.catga.store.AtomicStep;
import io.catga.store.AtomicStep.Expectation;
import io.catga.store.AtomicStep.Write;
import io.catga.store.CommitOutcome;
import io.catga.transport.WireMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The script that applies an {@link AtomicStep}: its text, what it is called with, and what it answers. */
final class StepScript {

    static final String TEXT = text();

    private static final byte[] NOTHING = {};

    /** One call. */
    record Call(byte[][] keys, byte[][] arguments) {}

    private StepScript() {}

    private static String text() {
        try (InputStream script = StepScript.class.getResourceAsStream("step.lua")) {
            if (script == null) {
                throw new IllegalStateException("step.lua is not beside its class");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param token the same for every attempt to apply this step, and no other's: an attempt that finds the record of an
     *              earlier one of its own has not met a repeated message
     */
    static Call call(AtomicStep step, String token, Keys names) {
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> arguments = new ArrayList<>();
        keys.add(names.record(step.scope(), step.key()));
        arguments.add(bytes(step.fingerprint()));
        arguments.add(bytes(token));
        arguments.add(step.result());
        arguments.add(millis(step.retention()));
        arguments.add(number(step.expectations().size()));
        for (Expectation expectation : step.expectations()) {
            byte[] value = expectation.value();
            keys.add(names.value(expectation.key()));
            arguments.add(number(value == null ? 0 : 1));
            arguments.add(value == null ? NOTHING : value);
        }
        arguments.add(number(step.writes().size()));
        for (Write write : step.writes()) {
            switch (write) {
                case Write.Put(String key, byte[] value, Duration lifetime) -> {
                    keys.add(names.value(key));
                    arguments.add(bytes("P"));
                    arguments.add(value);
                    arguments.add(millis(lifetime));
                }
                case Write.AddToIndex(String index, String member, Duration lifetime, int most) -> {
                    keys.add(names.index(index));
                    arguments.add(bytes("A"));
                    arguments.add(bytes(member));
                    arguments.add(millis(lifetime));
                    arguments.add(number(most));
                }
            }
        }
        if (!step.events().isEmpty()) {
            keys.add(names.outbox());
        }
        arguments.add(number(step.events().size()));
        for (WireMessage event : step.events()) {
            List<byte[]> fields = OutboxEntry.fields(event);
            arguments.add(number(fields.size()));
            arguments.addAll(fields);
        }
        return new Call(keys.toArray(byte[][]::new), arguments.toArray(byte[][]::new));
    }

    static CommitOutcome outcome(AtomicStep step, List<?> answer) {
        String word = text(answer.getFirst());
        return switch (word) {
            case "DONE" -> new CommitOutcome.Committed();
            case "KNOWN" -> new CommitOutcome.Replayed((byte[]) answer.get(1));
            case "MISMATCH" -> new CommitOutcome.Mismatch();
            case "CONFLICT" -> {
                int position = Integer.parseInt(text(answer.get(1)));
                yield new CommitOutcome.Conflict(
                        step.expectations().get(position - 1).key());
            }
            default -> throw new IllegalStateException("step.lua answered " + word);
        };
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] number(int number) {
        return bytes(Integer.toString(number));
    }

    /** At least 1, because Redis takes 0 for a mistake and this script for no limit. */
    private static byte[] millis(@Nullable Duration lifetime) {
        return bytes(lifetime == null ? "0" : Long.toString(Math.max(1, lifetime.toMillis())));
    }
}
