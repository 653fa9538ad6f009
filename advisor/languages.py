"""The words of other languages that logs use, in English: vocabulary and names know these alone."""

import re


def _all(words: str, meaning: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), meaning)


# Words set apart by spaces or signs, as they stand.
WORDS = {
    **_all("epoche epochen epoca época époque epoque épocas epok epoka epoki эпоха эпохи", "epoch"),
    **_all("schritt étape paso passo шаг шаги adım", "step"),
    **_all("itération iteración iteração iterazione итерация итерации", "iteration"),
    **_all("verlust verluste pérdida pérdidas perdida perte pertes perda perdas perdita förlust verlies kerugian kayıp kaybı лосс", "loss"),
    **_all("coût coste custo", "cost"),
    **_all("fehler erreur errore erro hata hatası błąd", "error"),
    **_all("genauigkeit exactitud precisión acierto exactitude précision acurácia acuracia precisão accuratezza", "accuracy"),
    **_all("noggrannhet nauwkeurigheid dokładność doğruluk doğruluğu akurasi верность", "accuracy"),
    **_all("entrenamiento entraînement entrainement treino treinamento addestramento allenamento träning eğitim pelatihan", "train"),
    **_all("validierung validación validacion validação validacao validazione doğrulama validasi", "val"),
    **_all("prueba teste тест тесте тестовая", "test"),
    **_all("lernrate", "learning rate"),
    **_all("taux tasa taxa tasso", "rate"),
    **_all("apprentissage aprendizaje aprendizado aprendizagem apprendimento", "learning"),
    **_all("dauer durée duración duração temps tiempo tempo время", "time"),
    **_all("moyenne moyen promedio média durchschnitt mittlere mittlerer средняя среднее средний", "average"),
    **_all("beste bester meilleur meilleure mejor melhor migliore лучшая лучшее лучший", "best"),
    **_all("belohnung récompense recompensa награда", "reward"),
}
PARTICLES = frozenset(_all("de del della di du do da der des von für auf sur en la le на при для", "of"))  # beside words of WORDS alone
# How words begin that change their ends, or that are written as one with others; the rest of the word says nothing more.
BEGINNINGS = {
    **_all("потер", "loss"),
    **_all("ошибк ошибок", "error"),
    **_all("точност", "accuracy"),
    **_all("обуч трениров", "train"),
    **_all("валидац проверочн", "val"),
    **_all("тестов", "test"),
    **_all("выборк набор", "of"),
}
COMPOUND = re.compile(r"^(trainings?|validierungs?|test)(verlust|fehler|genauigkeit)$")
COMPOUNDS = {"training": "train", "validierung": "val"}
# Written without gaps between words, or of several words with them.
UNSPACED = {
    **_all("损失函数 损失值 损失 損失値 損失 손실값 손실 ロス", "loss"),
    **_all("误差 誤差 오차 오류", "error"),
    **_all("正確率 准确率 准确度 精确度 精度 正解率 正确率 準確率 정확도", "accuracy"),
    **_all("精确率 查准率 適合率 정밀도", "precision"),
    **_all("召回率 查全率 再現率 재현율", "recall"),
    **_all("轮次 轮数 周期 エポック数 エポック 에포크 에폭 세대", "epoch"),
    **_all("回合 エピソード 에피소드", "episode"),
    **_all("迭代次数 迭代 反復 イテレーション 이터레이션 반복", "iteration"),
    **_all("步数 ステップ数 ステップ 스텝", "step"),
    **_all("验证集 验证 驗證 校验 评估 評価 検証 バリデーション 검증", "val"),
    **_all("训练集 训练 訓練 学習 トレーニング 훈련 학습", "train"),
    **_all("测试集 测试 測試 テスト 테스트", "test"),
    **_all("学习率 学習率 학습률", "learning rate"),
    **_all("平均 평균", "average"),
    **_all("当前 現在 현재", "current"),
    **_all("最佳 最优 最好 最高 최고 최적", "best"),
    **_all("耗时 用时 时间 時間 시간", "time"),
    **_all("奖励 回报 報酬 보상", "reward"),
    **_all("梯度范数 勾配ノルム", "grad norm"),
    **_all("交叉熵", "crossentropy"),
    **_all("困惑度 퍼플렉서티 パープレキシティ", "perplexity"),
    **_all("合計 总计 总 總 총", "total"),
    "скорость обучения": "learning rate",
    "mất mát": "loss",
    "độ chính xác": "accuracy",
    "huấn luyện": "train",
    "kiểm định": "val",
    "xác thực": "val",
    "kiểm thử": "test",
    "öğrenme oranı": "learning rate",
}
_UNSPACED_WORD = re.compile("|".join(sorted(UNSPACED, key=len, reverse=True)))
_BEGINNING = re.compile("|".join(BEGINNINGS))
# Behind a word of another script: Loss는 0.5
_PARTICLE = re.compile(r"(?<=[A-Za-z0-9])(?:은|는|이|가|를|을|의|は|が|を|の)(?![^\W\d])")


def spaced(text: str) -> str:
    """The text with known words of scripts without gaps translated and set apart.

    >>> spaced("验证集损失").split()
    ['val', 'loss']
    >>> spaced("Loss는")
    'Loss '
    """
    return text if text.isascii() else _UNSPACED_WORD.sub(lambda found: f" {UNSPACED[found[0]]} ", _PARTICLE.sub(" ", text))


def splits(text: str) -> set[str]:
    """The splits that known words of a text name.

    >>> splits("Epoch 3 [验证]")
    {'val'}
    """
    return {UNSPACED[found[0]] for found in _UNSPACED_WORD.finditer(text)} & {"train", "val", "test"}


def in_english(words: list[str]) -> list[str]:
    """The words in English, as far as they are known ones of another language; the particles between these go.

    >>> in_english(["perte", "de", "validation"]), in_english(["de", "loss"]), in_english(["validierungsverlust"])
    (['loss', 'validation'], ['de', 'loss'], ['val', 'loss'])
    """
    found = [_translated(word) for word in words]
    if found == words:
        return words
    return " ".join(word for word in found if word not in PARTICLES).split()


def _translated(word: str) -> str:
    if word in WORDS:
        return WORDS[word]
    if not word.isascii():
        beginning = _BEGINNING.match(word)
        return BEGINNINGS[beginning[0]] if beginning else word
    glued = COMPOUND.match(word)
    return f"{COMPOUNDS.get(glued[1].removesuffix('s'), glued[1])} {WORDS[glued[2]]}" if glued else word
