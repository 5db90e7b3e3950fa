package io.catga.orders.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.catga.CatgaError.Violation;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.catga.orders.CreateOrderCommand;
import io.catga.orders.Money;
import jakarta.validation.Validation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OrderRequestReaderTest {

    private final OrderRequestReader reader = new OrderRequestReader(
            JsonMapper.builder().build(),
            Validation.buildDefaultValidatorFactory().getValidator());

    private OrderRequest read(String json) throws IOException {
        return reader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private CatgaException refused(String json) {
        return refused(json.getBytes(StandardCharsets.UTF_8));
    }

    private CatgaException refused(byte[] body) {
        CatgaException[] thrown = new CatgaException[1];
        assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(body)))
                .isInstanceOfSatisfying(CatgaException.class, refusal -> thrown[0] = refusal);
        return thrown[0];
    }

    @Test
    void readsAnOrder() throws IOException {
        CreateOrderCommand command =
                read("{\"customerId\":\"ada\",\"items\":[{\"productId\":\"p\",\"quantity\":2,\"price\":1.5}]}")
                        .toCommand();

        assertThat(command.items().getFirst().amount()).isEqualTo(new Money(300));
    }

    @Test
    void namesWrongTypesTogetherWithBrokenConstraints() {
        CatgaException refusal = refused("{\"items\":[{\"productId\":\"p\",\"quantity\":\"x\",\"price\":-1},7]}");

        assertThat(refusal.error().code()).isEqualTo(ErrorCode.VALIDATION);
        assertThat(refusal.error().violations())
                .containsExactly(
                        new Violation("customerId", "must not be blank"),
                        new Violation("items[0].price", "must be greater than or equal to 0.01"),
                        new Violation("items[0].quantity", "must be a number"),
                        new Violation("items[1]", "must be an object"));
    }

    /** Answers of megabytes, which took a good part of the heap to make, were to be had for 64 KiB. */
    @Test
    void namesOnlySoManyProblemsOfLinesWithoutEnd() {
        for (String line : List.of("{}", "7", "null", "{\"productId\":[],\"quantity\":[],\"price\":[]}")) {
            String lines = (line + ",").repeat(64_000 / (line.length() + 1));

            assertThat(refused("{\"customerId\":\"ada\",\"items\":[" + lines + line + "]}")
                            .error()
                            .violations())
                    .as(line)
                    .hasSizeLessThan(1_000)
                    .extracting(Violation::field)
                    .contains("items");
        }
    }

    @Test
    void takesNothingThatIsNotUtf8() {
        String order = order("ada");

        assertThat(refused(order.getBytes(StandardCharsets.UTF_16)).error().code())
                .isEqualTo(ErrorCode.UNREADABLE);
        assertThat(refused(order.getBytes(StandardCharsets.UTF_16BE)).error().code())
                .isEqualTo(ErrorCode.UNREADABLE);
        for (String name : List.of("\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00ff", "\u00f0\u009f")) {
            byte[] body = order(name).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(refused(body).error().message()).as(name).isEqualTo("The body is not UTF-8: see byte 16");
        }
    }

    @Test
    void aByteOrderMarkSaysNothing() throws IOException {
        assertThat(read("\uFEFF" + order("ada")).customerId()).isEqualTo("ada");
    }

    @Test
    void takesNoNameTwice() {
        CatgaException refusal = refused("{\"customerId\":\"ada\",\"customerId\":\"eve\",\"items\":[]}");

        assertThat(refusal.error().code()).isEqualTo(ErrorCode.UNREADABLE);
        assertThat(refusal.error().message()).contains("line 1, column");
    }

    /** What a log, a terminal or another encoding would not survive: NEL, CSI, a line separator, half a character. */
    @Test
    void takesNoControlCharacterBeyondAsciiEither() {
        for (String name : List.of("\\u0085", "\\u009b31m", "\\u2028", "\\ud800", "\\udc00\\ud800")) {
            assertThat(refused(order("a" + name)).error().violations())
                    .as(name)
                    .containsExactly(new Violation("customerId", "must not contain control characters"));
        }
        assertThatNoException().isThrownBy(() -> read(order("\\ud83d\\ude00 \u5f20\u4e09")));
    }

    private static String order(String customer) {
        return "{\"customerId\":\"" + customer + "\",\"items\":[{\"productId\":\"p\",\"quantity\":1,\"price\":1}]}";
    }

    @Test
    void saysWhereTheJsonBreaks() {
        assertThat(refused("{\"customerId\":\n  oops}").error().message()).contains("line 2, column 3");
    }

    @Test
    void refusesWhatIsNoObject() {
        assertThat(refused("[]").error().violations()).isEqualTo(List.of(new Violation("body", "must be an object")));
        assertThat(refused("null").error().code()).isEqualTo(ErrorCode.UNREADABLE);
        assertThat(refused("").error().code()).isEqualTo(ErrorCode.UNREADABLE);
    }
}
