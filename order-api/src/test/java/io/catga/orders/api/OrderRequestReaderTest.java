package io.catga.orders.api;

import static org.assertj.core.api.Assertions.assertThat;
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
        CatgaException[] thrown = new CatgaException[1];
        assertThatThrownBy(() -> read(json))
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
