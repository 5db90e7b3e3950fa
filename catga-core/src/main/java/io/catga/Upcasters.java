package io.catga;

import io.catga.codec.Upcaster;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The way from each older version of a message that can still be read to the one that this process knows. Immutable.
 */
final class Upcasters {

    /** By the name of the type, the upcasters to walk from the oldest version on; without gaps. */
    private final Map<String, List<Upcaster>> chains;

    private Upcasters(Map<String, List<Upcaster>> chains) {
        this.chains = Map.copyOf(chains);
    }

    /** Puts the steps together; what does not make a chain is a finding. */
    static Upcasters of(Collection<Upcaster> upcasters, MessageCatalog catalog, Collection<String> findings) {
        Map<String, NavigableMap<Integer, Upcaster>> byVersion = new HashMap<>();
        for (Upcaster upcaster : upcasters) {
            Optional<String> finding = misplaced(upcaster, catalog);
            finding.ifPresent(findings::add);
            if (finding.isEmpty()) {
                Upcaster other = byVersion
                        .computeIfAbsent(upcaster.type(), any -> new TreeMap<>())
                        .putIfAbsent(upcaster.from(), upcaster);
                if (other != null) {
                    findings.add("%s has two upcasters from version %d, %s and %s; remove one"
                            .formatted(
                                    upcaster.type(),
                                    upcaster.from(),
                                    other.getClass().getName(),
                                    upcaster.getClass().getName()));
                }
            }
        }
        Map<String, List<Upcaster>> chains = new HashMap<>();
        byVersion.forEach((type, steps) -> {
            int current = catalog.find(type).orElseThrow().version();
            for (int version = steps.firstKey(); version < current; version++) {
                if (!steps.containsKey(version)) {
                    findings.add(
                            "%s is at version %d and has an upcaster from version %d, but none from version %d; add it"
                                    .formatted(type, current, steps.firstKey(), version));
                }
            }
            chains.put(type, List.copyOf(steps.values()));
        });
        return new Upcasters(chains);
    }

    private static Optional<String> misplaced(Upcaster upcaster, MessageCatalog catalog) {
        String name = upcaster.getClass().getName();
        Optional<MessageDescriptor> type = catalog.find(upcaster.type());
        if (type.isEmpty()) {
            return Optional.of(
                    "the upcaster %s is for '%s', which is no type in a catalogue; give it the value of a @MessageType"
                            .formatted(name, upcaster.type()));
        }
        int current = type.get().version();
        if (upcaster.from() < 1 || upcaster.from() >= current) {
            return Optional.of(
                    "the upcaster %s is from version %d of %s, which is at version %d; raise @MessageType.version, or remove it"
                            .formatted(name, upcaster.from(), upcaster.type(), current));
        }
        return Optional.empty();
    }

    /**
     * The content as the version that this process knows has it.
     *
     * @throws CatgaException with {@link ErrorCode#UNREADABLE} where there is no way from the version, or not for this
     *     content
     */
    byte[] upcast(MessageDescriptor type, long version, byte[] payload) {
        if (version == type.version()) {
            return payload;
        }
        if (version > type.version()) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE,
                    "%s has version %d, and this instance reads up to version %d; update it before those who send the message"
                            .formatted(type.name(), version, type.version()));
        }
        List<Upcaster> chain = chains.getOrDefault(type.name(), List.of());
        int oldest = type.version() - chain.size();
        if (version < oldest) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE,
                    "%s has version %d, and this instance reads from version %d; add an Upcaster from each version before that"
                            .formatted(type.name(), version, oldest));
        }
        byte[] content = payload;
        for (Upcaster step : chain.subList((int) version - oldest, chain.size())) {
            content = upcast(step, content);
        }
        return content;
    }

    private static byte[] upcast(Upcaster step, byte[] payload) {
        try {
            return step.upcast(payload);
        } catch (CatgaException known) {
            throw known;
        } catch (RuntimeException e) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE,
                    "%s of version %d has no form in version %d: %s"
                            .formatted(step.type(), step.from(), step.from() + 1, e),
                    e);
        }
    }
}
