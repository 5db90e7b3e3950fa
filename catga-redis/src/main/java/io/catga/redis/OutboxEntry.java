package io.catga.redis;

import io.catga.store.Outbox.Entry;
import io.catga.transport.WireMessage;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An event as the fields of a stream entry: type, id and payload, and each header under its name behind {@code h:}. */
final class OutboxEntry {

    private static final String TYPE = "type";
    private static final String ID = "id";
    private static final String PAYLOAD = "payload";
    private static final String HEADER = "h:";

    private OutboxEntry() {}

    /** Names and values in turn. */
    static List<byte[]> fields(WireMessage event) {
        List<byte[]> fields = new ArrayList<>();
        add(fields, TYPE, bytes(event.type()));
        add(fields, ID, bytes(event.messageId()));
        event.headers().forEach((name, value) -> add(fields, HEADER + name, bytes(value)));
        add(fields, PAYLOAD, event.payload());
        return fields;
    }

    private static void add(List<byte[]> fields, String name, byte[] value) {
        fields.add(bytes(name));
        fields.add(value);
    }

    static Entry of(StreamMessage<byte[], byte[]> stored) {
        Map<String, byte[]> fields = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        stored.getBody().forEach((name, value) -> {
            String field = text(name);
            if (field.startsWith(HEADER)) {
                headers.put(field.substring(HEADER.length()), text(value));
            } else {
                fields.put(field, value);
            }
        });
        return new Entry(
                stored.getId(),
                new WireMessage(
                        text(required(fields, TYPE)), text(required(fields, ID)), headers, required(fields, PAYLOAD)),
                stored(stored.getId()));
    }

    /** The id of a stream entry begins with the milliseconds at which it was added. */
    static Instant stored(String id) {
        return Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
    }

    private static byte[] required(Map<String, byte[]> fields, String name) {
        byte[] value = fields.get(name);
        if (value == null) {
            throw new IllegalStateException("an outbox entry lacks the field " + name);
        }
        return value;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
