package io.catga.floor.api;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.catga.floor.orders.CreateOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** The HTTP contract, over an order service that answers what its idempotency key says. */
class OrderControllerTest {

    private static final String ORDER =
            "{\"customerId\":\"c\",\"items\":[{\"productId\":\"p\",\"quantity\":2,\"price\":100}]}";

    private final MockMvc http = MockMvcBuilders.standaloneSetup(
                    new OrderController(new ScriptedService()), new EmptyController())
            .setControllerAdvice(new ProblemAdvice())
            .build();

    @Test
    void answersANewOrderWithItsAddressAndWhoHandledIt() throws Exception {
        place(ORDER, "new")
                .andExpect(status().isCreated())
                .andExpect(header().string("Location", "/api/orders/o-1"))
                .andExpect(header().string("X-Handled-By", "service-1"))
                .andExpect(header().doesNotExist("Idempotent-Replayed"))
                .andExpect(content().json("{\"orderId\":\"o-1\"}"));
    }

    @Test
    void saysWhenAnAnswerIsARecordedOne() throws Exception {
        place(ORDER, "known").andExpect(status().isCreated()).andExpect(header().string("Idempotent-Replayed", "true"));
    }

    @Test
    void refusesAKeyOfAnotherRequest() throws Exception {
        place(ORDER, "other")
                .andExpect(status().isUnprocessableContent())
                .andExpect(header().string("X-Handled-By", "service-1"))
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.code").value("IDEMPOTENCY_MISMATCH"));
    }

    @Test
    void tellsToTryAgainWhereNobodyCanTakeTheOrder() throws Exception {
        place(ORDER, "nobody")
                .andExpect(status().isServiceUnavailable())
                .andExpect(header().string("Retry-After", "1"))
                .andExpect(jsonPath("$.code").value("UNAVAILABLE"));
    }

    @Test
    void namesEveryBadField() throws Exception {
        place("{\"customerId\":\"\",\"items\":[{\"productId\":\"p\",\"quantity\":0,\"price\":-1}]}", "new")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.code").value("VALIDATION"))
                .andExpect(jsonPath("$.violations[*].field")
                        .value(hasItems("customerId", "items[0].quantity", "items[0].price")));
    }

    @Test
    void namesAFieldOfAWrongType() throws Exception {
        place("{\"customerId\":\"c\",\"items\":[{\"productId\":\"p\",\"quantity\":\"many\",\"price\":1}]}", "new")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.violations[0].field").value("items[0].quantity"));
    }

    @Test
    void saysWhereABodyIsNoJson() throws Exception {
        place("{\"customerId\":", "new")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.code").value("UNREADABLE"))
                .andExpect(jsonPath("$.detail").value(containsString("line 1, column")));
    }

    @Test
    void readsAnOrderOrSaysThatThereIsNone() throws Exception {
        http.perform(get("/api/orders/o-1"))
                .andExpect(status().isOk())
                .andExpect(content().json("{\"orderId\":\"o-1\"}"));
        http.perform(get("/api/orders/none"))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("NOT_FOUND"));
    }

    @Test
    void answersNothingWhereNothingIsAsked() throws Exception {
        http.perform(get("/empty"))
                .andExpect(status().isNoContent())
                .andExpect(content().string(""));
    }

    private ResultActions place(String body, String key) throws Exception {
        return http.perform(post("/api/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .header(IdempotencyKey.HEADER, key)
                .content(body));
    }

    private static final class ScriptedService implements OrderService {

        @Override
        public Answer create(CreateOrder order, String idempotencyKey) {
            return switch (idempotencyKey) {
                case "new" -> answer(201, "{\"orderId\":\"o-1\"}", false);
                case "known" -> answer(201, "{\"orderId\":\"o-1\"}", true);
                case "other" -> answer(422, "The key was used before", false);
                default -> answer(503, "Redis has not confirmed in time", false);
            };
        }

        @Override
        public Answer get(String orderId) {
            return orderId.equals("o-1")
                    ? answer(200, "{\"orderId\":\"o-1\"}", false)
                    : answer(404, "There is no such order", false);
        }

        private static Answer answer(int status, String body, boolean replayed) {
            return new Answer(status, body.getBytes(StandardCharsets.UTF_8), "o-1", "service-1", replayed);
        }
    }
}
