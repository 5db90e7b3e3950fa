package io.catga.floor.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.floor.api.OrderRequest.Item;
import io.catga.floor.orders.CreateOrder;
import io.catga.floor.orders.Money;
import io.catga.floor.orders.OrderLine;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRequestTest {

    private static final ValidatorFactory FACTORY = Validation.buildDefaultValidatorFactory();

    private final Validator validator = FACTORY.getValidator();

    @AfterAll
    static void close() {
        FACTORY.close();
    }

    @Test
    void becomesACommandWithExactMoney() {
        OrderRequest request = new OrderRequest("c", List.of(item("p", "2", "100.5")));

        assertThat(violated(request)).isEmpty();
        CreateOrder command = request.toCommand();
        assertThat(command.items()).containsExactly(new OrderLine("p", 2, new Money(10_050)));
        assertThat(command.total()).isEqualTo(new Money(20_100));
    }

    @Test
    void namesEveryBadField() {
        OrderRequest request = new OrderRequest(" ", List.of(item("p", "0", "-1"), item(null, "1.5", "0.001")));

        assertThat(violated(request))
                .contains(
                        "customerId",
                        "items[0].quantity",
                        "items[0].price",
                        "items[1].productId",
                        "items[1].quantity",
                        "items[1].price");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "10000", "1e4"})
    void takesWholeQuantitiesHoweverTheyAreWritten(String quantity) {
        OrderRequest request = new OrderRequest("c", List.of(item("p", quantity, "1")));

        assertThat(violated(request)).isEmpty();
        assertThat(request.toCommand().items().getFirst().quantity()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "10001", "1.5", "2.0", "1e100"})
    void refusesAbsurdQuantities(String quantity) {
        assertThat(violated(new OrderRequest("c", List.of(item("p", quantity, "1")))))
                .contains("items[0].quantity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.00", "-0.01", "1000000.01", "0.001", "1e30"})
    void refusesAbsurdPrices(String price) {
        assertThat(violated(new OrderRequest("c", List.of(item("p", "1", price)))))
                .contains("items[0].price");
    }

    @Test
    void refusesNoLinesTooManyAndMissingOnes() {
        assertThat(violated(new OrderRequest("c", List.of()))).containsExactly("items");
        assertThat(violated(new OrderRequest("c", null))).containsExactly("items");
        assertThat(violated(new OrderRequest("c", Collections.nCopies(101, item("p", "1", "1")))))
                .containsExactly("items");
        assertThat(violated(new OrderRequest("c", Arrays.asList((@Nullable Item) null))))
                .isNotEmpty();
    }

    @Test
    void refusesIdentifiersThatWouldBreakALogLine() {
        assertThat(violated(new OrderRequest("c\n", List.of(item("p\r", "1", "1")))))
                .contains("customerId", "items[0].productId");
        assertThat(violated(new OrderRequest("c".repeat(65), List.of(item("p", "1", "1")))))
                .containsExactly("customerId");
    }

    private static Item item(@Nullable String product, String quantity, String price) {
        return new Item(product, new BigDecimal(quantity), new BigDecimal(price));
    }

    private List<String> violated(OrderRequest request) {
        return validator.validate(request).stream()
                .map(violation -> violation.getPropertyPath().toString())
                .distinct()
                .toList();
    }
}
