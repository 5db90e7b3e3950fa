package io.catga.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import io.catga.CatgaError;
import io.catga.CatgaException;
import io.catga.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JacksonCodecTest {

    private final JacksonCodec codec = new JacksonCodec();

    record Order(Map<String, Integer> quantities) {}

    record OldMessage(String name) {}

    record NewMessage(String name, @Nullable String title) {}

    private String json(Object value) {
        return new String(codec.encode(value), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code Map.of} is in another order in each JVM: two instances made two fingerprints of one message. */
    @Test
    void writesAMapInTheOrderOfItsKeys() {
        Map<String, Integer> quantities = new LinkedHashMap<>();
        quantities.put("pears", 2);
        quantities.put("apples", 1);

        assertThat(json(new Order(quantities))).isEqualTo("{\"quantities\":{\"apples\":1,\"pears\":2}}");
    }

    /** A message that waits while its service is updated is the same message afterwards. */
    @Test
    void writesAMessageAsBeforeWhereAFieldThatWasAddedIsNotUsed() {
        assertThat(codec.encode(new NewMessage("Ada", null))).isEqualTo(codec.encode(new OldMessage("Ada")));
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        assertThat(codec.<OldMessage>decode(bytes("{\"name\":\"Ada\",\"title\":\"Countess\"}"), OldMessage.class))
                .isEqualTo(new OldMessage("Ada"));
    }

    @Test
    void refusesWhatIsNotOfTheType() {
        assertThatThrownBy(() -> codec.decode(bytes("[1"), OldMessage.class))
                .isInstanceOf(CatgaException.class)
                .hasMessageContaining("UNREADABLE");
        assertThatThrownBy(() -> codec.decode(bytes("null"), OldMessage.class)).hasMessageContaining("UNREADABLE");
    }

    record Line(String product, int quantity) {}

    record Basket(
            String customer, List<Line> lines, @Nullable String note, Optional<String> voucher) {}

    @NullUnmarked
    record OfOldCode(String name, int age) {}

    record Tagged(@JsonSetter(nulls = Nulls.AS_EMPTY) List<String> tags) {}

    record Numbered(@JsonSetter(nulls = Nulls.SET) String name) {
        @SuppressWarnings("NullAway") // what the annotation is for
        Numbered {
            name = name == null ? "number 1" : name;
        }
    }

    record Cached(String name, @JsonIgnore String shouted) {
        Cached {
            shouted = name.toUpperCase(Locale.ROOT);
        }
    }

    record Renamed(@JsonProperty("full_name") String name) {}

    record Holder<T>(T value) {}

    record PerhapsHolder<T extends @Nullable Object>(T value) {}

    private void assertUnreadable(String json, Class<?> type, String problem) {
        assertThatThrownBy(() -> codec.decode(bytes(json), type))
                .isInstanceOfSatisfying(
                        CatgaException.class, e -> assertThat(e.error().code()).isEqualTo(ErrorCode.UNREADABLE))
                .hasMessageContaining(problem);
    }

    @Test
    void namesTheRequiredFieldThatIsMissing() {
        assertUnreadable("{\"lines\":[]}", Basket.class, "the required field customer is missing");
        assertUnreadable("{\"customer\":null,\"lines\":[]}", Basket.class, "the required field customer is missing");
        assertUnreadable("{}", Renamed.class, "the required field full_name is missing");
    }

    @Test
    void namesItsPathWhereItIsMissingInside() {
        assertUnreadable(
                "{\"customer\":\"Ada\",\"lines\":[{\"product\":\"tea\",\"quantity\":1},{\"product\":\"tea\"}]}",
                Basket.class,
                "the required field lines[1].quantity is missing");
    }

    @Test
    void namesThePathOfAValueOfAWrongType() {
        assertUnreadable(
                "{\"customer\":\"Ada\",\"lines\":[{\"product\":\"tea\",\"quantity\":\"x\"}]}",
                Basket.class,
                "at lines[0].quantity: ");
    }

    @Test
    void doesWithoutWhatIsNullableOrOptional() {
        assertThat(codec.<Basket>decode(bytes("{\"customer\":\"Ada\",\"lines\":[]}"), Basket.class))
                .isEqualTo(new Basket("Ada", List.of(), null, Optional.empty()));
    }

    @Test
    void readsWhatItHasWrittenOfNullableAndOptional() {
        Basket basket = new Basket("Ada", List.of(), null, Optional.empty());

        assertThat(codec.<Basket>decode(codec.encode(basket), Basket.class)).isEqualTo(basket);
    }

    @Test
    void requiresNothingButPrimitivesOfCodeThatIsNotNullMarked() {
        assertThat(codec.<OfOldCode>decode(bytes("{\"age\":36}"), OfOldCode.class))
                .isEqualTo(new OfOldCode(null, 36));
        assertUnreadable("{\"name\":\"Ada\"}", OfOldCode.class, "the required field age is missing");
    }

    @Test
    void takesATypeParameterForNullableWhereItsBoundIs() {
        assertThat(codec.<PerhapsHolder<?>>decode(bytes("{}"), PerhapsHolder.class))
                .isEqualTo(new PerhapsHolder<@Nullable String>(null));
        assertUnreadable("{}", Holder.class, "the required field value is missing");
    }

    @Test
    void putsTheDefaultOfAComponentInItsPlace() {
        assertThat(codec.<Tagged>decode(bytes("{}"), Tagged.class)).isEqualTo(new Tagged(List.of()));
        assertThat(codec.<Numbered>decode(bytes("{}"), Numbered.class)).isEqualTo(new Numbered("number 1"));
    }

    @Test
    void doesWithoutWhatIsNeverWritten() {
        Cached cached = new Cached("Ada", "ADA");

        assertThat(codec.<Cached>decode(codec.encode(cached), Cached.class)).isEqualTo(cached);
    }

    /** What went wrong would be hidden behind a complaint about how it is told. */
    @Test
    void readsAnErrorThatSaysNothingOfViolations() {
        assertThat(codec.<CatgaError>decode(bytes("{\"code\":\"CONFLICT\",\"message\":\"taken\"}"), CatgaError.class))
                .isEqualTo(CatgaError.of(ErrorCode.CONFLICT, "taken"));
    }

    interface Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Dot.class, name = "dot"))
    interface Figure {}

    record Dot(int x, int y) implements Figure {}

    record Drawing(Figure first, Map<String, Figure> others) {}

    record Sketch(List<Shape> shapes) {}

    record Photo(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Shape content) {
        /** Derived, and so never read. */
        public Shape getFrame() {
            return content;
        }
    }

    record Index(Map<Dot, String> names) {}

    record Lazy(Supplier<String> text) {}

    static final class Sealed {
        private final String text;

        Sealed(String text, int ignored) {
            this.text = text;
        }

        public String getText() {
            return text;
        }
    }

    @Test
    void findsNothingWrongWithWhatItCanCarry() {
        assertThat(codec.findings(Basket.class)).isEmpty();
        assertThat(codec.findings(Drawing.class)).isEmpty();
        assertThat(codec.findings(Photo.class)).isEmpty();
        assertThat(codec.findings(CatgaError.class)).isEmpty();
        assertThat(codec.findings(Integer.class)).isEmpty();
    }

    @Test
    void findsWhatItCannotCarryHoweverDeepItIs() {
        assertThat(codec.findings(Sketch.class))
                .singleElement()
                .asString()
                .contains("Shape", "abstract", "@JsonTypeInfo");
        assertThat(codec.findings(Lazy.class)).singleElement().asString().contains("Supplier", "cannot be read");
        assertThat(codec.findings(Sealed.class))
                .singleElement()
                .asString()
                .contains("Sealed", "no Creators", "a record");
    }

    @Test
    void findsKeysOfAMapThatCannotBeRead() {
        assertThat(codec.findings(Index.class)).singleElement().asString().contains("Map", "Dot", "cannot be read");
    }

    static final class Contradicting {
        public String getName() {
            return "get";
        }

        public String name() {
            return "name";
        }

        @JsonProperty("name")
        public String other() {
            return "other";
        }

        @JsonProperty("name")
        public String another() {
            return "another";
        }
    }

    @Test
    void findsWhatItCannotWrite() {
        assertThat(codec.findings(Contradicting.class))
                .anySatisfy(finding -> assertThat(finding).contains("Contradicting", "cannot be written"));
    }
}
