package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StrictYamlTest {

    @Test
    void refusesAKeyThatIsThereTwice() {
        assertThatThrownBy(() -> StrictYaml.documents("kind: Service\nspec: { a: 1 }\nspec: { b: 2 }"))
                .hasMessageContaining("duplicate key spec");
    }
}
