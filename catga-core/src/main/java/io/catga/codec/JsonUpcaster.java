package io.catga.codec;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.util.Objects;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An {@link Upcaster} for JSON: changes the message as a tree, in place. Numbers keep every digit.
 *
 * {@snippet :
 * new JsonUpcaster("orders.create-order", 1, order -> order.put("currency", "EUR"))
 * }
 */
public final class JsonUpcaster implements Upcaster {

    private static final JsonMapper TREES = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final String type;
    private final int from;
    private final Consumer<ObjectNode> change;

    /**
     * From one version of a type to the next.
     *
     * @param type   the name of the type on the wire, from {@link io.catga.MessageType#value()}
     * @param from   the version that the change starts from
     * @param change makes a message of that version one of the next; called by many threads at once
     */
    public JsonUpcaster(String type, int from, Consumer<ObjectNode> change) {
        this.type = Objects.requireNonNull(type, "type");
        this.from = from;
        this.change = Objects.requireNonNull(change, "change");
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public int from() {
        return from;
    }

    @Override
    public byte[] upcast(byte[] payload) {
        try {
            JsonNode content = TREES.readTree(payload);
            if (!(content instanceof ObjectNode message)) {
                throw new CatgaException(
                        ErrorCode.UNREADABLE,
                        "%s of version %d is not a JSON object but %s".formatted(type, from, content.getNodeType()));
            }
            change.accept(message);
            return TREES.writeValueAsBytes(message);
        } catch (JacksonException e) {
            throw new CatgaException(
                    ErrorCode.UNREADABLE,
                    "%s of version %d is not readable: %s".formatted(type, from, e.getOriginalMessage()),
                    e);
        }
    }
}
